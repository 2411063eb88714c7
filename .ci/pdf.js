// One page of all pages: each stands in a template with its address; see .ci/pdf.py.

const ROOT = new URL('.', document.baseURI);
const ARTICLE = document.querySelector('article');
const BOOKED = new Map(); // address of a page: its id in the PDF

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// A link that says on which page its target stands; the number comes when the pages are known.
const linkWithPage = (id, ...text) =>
  make('a', { href: `#${id}` }, ...text, ' ', Object.assign(make('span', { className: 'page-of' }), { title: id }));

function withOwnIds(content, id, address) {
  for (const element of content.querySelectorAll('[id]')) element.id = `${id}--${element.id}`;
  for (const element of content.querySelectorAll('[marker-end]')) {
    element.setAttribute('marker-end', element.getAttribute('marker-end').replace('#', `#${id}--`));
  }
  for (const image of content.querySelectorAll('img')) image.src = new URL(image.getAttribute('src'), address);
  for (const link of content.querySelectorAll('a[href]')) {
    const target = new URL(link.getAttribute('href'), address);
    const fragment = decodeURIComponent(target.hash.slice(1));
    target.hash = '';
    const page = BOOKED.get(target.href);
    if (page) link.href = fragment ? `#${page}--${fragment}` : `#${page}`;
    else if (target.href.startsWith(ROOT.href)) link.href = SITE + target.href.slice(ROOT.href.length);
  }
}

// Every folded box after an exercise goes to the end of the book; a link stays.
function moveSolutions(chapter) {
  const moved = [];
  let exercise = null;
  for (const element of chapter.querySelectorAll('[id*="--exercise-"], .admonition.dropdown')) {
    if (element.id) exercise = element;
    else if (exercise?.parentNode === element.parentNode) {
      element.id = `${exercise.id}-solution-${moved.length + 1}`;
      const title = element.querySelector('.admonition-title');
      const word = title.textContent.trim();
      element.replaceWith(make('p', { className: 'to-solution' }, linkWithPage(element.id, `${word}: page`)));
      const number = exercise.querySelector('a.number').textContent;
      title.replaceChildren(linkWithPage(exercise.id, `${number}, page`), `: ${word[0].toLowerCase()}${word.slice(1)}`);
      moved.push(element);
    }
  }
  return moved;
}

function assemble() {
  const templates = [...document.querySelectorAll('template')];
  for (const { dataset } of templates) BOOKED.set(new URL(dataset.page, ROOT).href, dataset.id);
  const contents = make('nav', { className: 'contents' });
  const solutions = make('section', {}, make('h1', { textContent: 'Solutions' }));
  const add = (chapter, id) => {
    const title = chapter.querySelector('h1');
    Object.assign(chapter, { id, className: 'chapter' });
    chapter.style.page = `running-${id}`;
    const text = JSON.stringify(title.textContent);
    document.head.append(make('style', { textContent: `@page running-${id} { @top-right { content: ${text}; } }` }));
    contents.append(make('p', {}, linkWithPage(id, title.textContent)));
    ARTICLE.append(chapter);
  };
  for (const template of templates) {
    const { id, page, part } = template.dataset;
    const chapter = make('section', {}, template.content);
    chapter.querySelectorAll('script, button, .headerlink, figure.explorable').forEach(e => e.remove());
    chapter.querySelectorAll('details').forEach(e => e.setAttribute('open', ''));
    withOwnIds(chapter, id, new URL(page, ROOT));
    if (part) contents.append(make('p', { className: 'part', textContent: part }));
    add(chapter, id);
    const moved = moveSolutions(chapter);
    if (moved.length) {
      solutions.append(make('h2', { textContent: chapter.querySelector('h1').textContent }), ...moved);
    }
  }
  add(solutions, 'solutions');
  contents.firstChild.remove(); // the page on which the contents stand
  document.querySelector('.chapter h1').after(
    make('p', { className: 'edition', textContent: document.querySelector('meta[name=edition]').content }), contents);
}

// Pages are known after a first printing.
window.number = pages => {
  for (const span of document.querySelectorAll('.page-of')) span.textContent = pages[span.title] ?? '';
};

const SITE = document.querySelector('meta[name=site]').content;
assemble();
