// Join all pages, each given as a template, into one page. tools/pdf.py calls assemble, typeset,
// tooWide and writePages.

const SITE = document.querySelector('meta[name=site]').content;
const ROOT = new URL('.', document.baseURI);
const ids = new Map(); // from the address of a page to its id in the book

const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// A link to an element, with a placeholder for the number of the page on which the element is.
const pageLink = (id, ...text) => {
  const link = make('a', { href: `#${id}` }, ...text, make('span', { className: 'page-of' }, '000'));
  link.lastChild.dataset.of = id;
  return link;
};

// The text of a heading, with formulas in Unicode.
function plainText(heading) {
  const copy = heading.cloneNode(true);
  for (const formula of copy.querySelectorAll('.math')) {
    const tex = formula.textContent.replace(/^\\\(|\\\)$/g, '');
    formula.innerHTML = MathJax.tex2mml(tex).replace(/>\s+</g, '><');
  }
  return copy.textContent.replace(/[\s\u2061]+/g, ' ').trim();
}

function lead(chapter, id, address) {
  for (const element of chapter.querySelectorAll('[id]')) element.id = `${id}--${element.id}`;
  for (const arrow of chapter.querySelectorAll('[marker-end]')) {
    arrow.setAttribute('marker-end', arrow.getAttribute('marker-end').replace('#', `#${id}--`));
  }
  for (const image of chapter.querySelectorAll('img')) image.src = new URL(image.getAttribute('src'), address);
  for (const link of chapter.querySelectorAll('a[href]')) {
    const [page, fragment] = new URL(link.getAttribute('href'), address).href.split('#');
    if (ids.has(page)) link.href = `#${ids.get(page)}${fragment ? `--${decodeURIComponent(fragment)}` : ''}`;
    else if (page.startsWith(ROOT.href)) link.href = page.replace(ROOT.href, SITE);
  }
}

// Take out the folded boxes that follow each exercise, and leave a link in place of each box.
function takeSolutions(chapter) {
  const taken = [];
  let exercise = null;
  for (const element of chapter.querySelectorAll('[id*="--exercise-"], .dropdown.admonition')) {
    if (!element.matches('.dropdown')) exercise = element;
    else if (exercise?.parentNode === element.parentNode) {
      element.id = `solution-${taken.length + 1}-${exercise.id}`;
      const title = element.querySelector('.admonition-title');
      const word = title.textContent;
      element.replaceWith(make('p', { className: 'to-solution' }, pageLink(element.id, `${word}: page `)));
      title.replaceChildren(`${word} of `, pageLink(exercise.id, `${exercise.querySelector('a.number').textContent}, page `));
      taken.push(element);
    }
  }
  return taken;
}

function assemble() {
  const contents = make('nav', { className: 'book-contents' });
  const solutions = make('section', {}, make('h1', {}, 'Solutions'));
  const add = (chapter, id) => {
    const title = plainText(chapter.querySelector('h1'));
    Object.assign(chapter, { id, className: 'chapter' });
    if (document.querySelector('.chapter')) {
      const rule = `@page chapter-${id} { @top-right { content: ${JSON.stringify(title)}; } }`;
      document.head.append(make('style', {}, rule));
      chapter.style.page = `chapter-${id}`;
    }
    contents.append(make('p', {}, pageLink(id, title)));
    document.querySelector('article').append(chapter);
  };
  const templates = [...document.querySelectorAll('template')];
  for (const { dataset } of templates) ids.set(new URL(dataset.page, ROOT).href, dataset.id);
  for (const { dataset, content } of templates) {
    const chapter = make('section', {}, content);
    chapter.querySelectorAll('script, button, .headerlink, figure.interactive').forEach(e => e.remove());
    chapter.querySelectorAll('details').forEach(e => e.setAttribute('open', ''));
    lead(chapter, dataset.id, new URL(dataset.page, ROOT));
    if (dataset.part) contents.append(make('p', { className: 'part' }, dataset.part));
    add(chapter, dataset.id);
    const taken = takeSolutions(chapter);
    if (taken.length) solutions.append(make('h2', {}, plainText(chapter.querySelector('h1'))), ...taken);
  }
  add(solutions, 'solutions');
  document.querySelector('.page-line').replaceWith(
    make('p', { className: 'edition' }, document.querySelector('meta[name=edition]').content), contents);
  return [...document.querySelectorAll('article :is(h1, h2, h3, h4, h5, h6)')].map(plainText);
}

// Typeset formulas in the fonts used for printing, and size images for at least 200 dots per inch.
async function typeset() {
  for (const image of document.images) {
    await image.decode();
    image.style.maxWidth = `min(80%, ${image.naturalWidth / 200}in)`;
  }
  await MathJax.typesetPromise();
  document.body.getBoundingClientRect();
  await document.fonts.ready;
}

// Elements that would extend beyond the paper or be cut off.
function tooWide() {
  const edge = document.querySelector('article').getBoundingClientRect().right + 1;
  const wide = element => {
    const { left, right } = element.getBoundingClientRect();
    const cut = getComputedStyle(element).overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
    return cut || Math.max(right, left + element.scrollWidth) > edge;
  };
  return [...document.querySelectorAll('article :is(p, pre, li, dt, table, img, svg, div)')]
    .filter(wide).map(e => `${e.closest('.chapter').id}: ${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 60)}`);
}

function writePages(pages) {
  for (const span of document.querySelectorAll('.page-of')) span.textContent = pages[span.dataset.of];
}
