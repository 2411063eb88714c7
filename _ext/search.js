// The search page lists the places of the book that answer a query, best first, with an excerpt from
// each. Sphinx's searchtools.js supplies the query and the index that search.py made; language_data.js
// supplies the stemmer and the words that are too common to search for.

// Weights of the kinds of place: explanations count more than statements, and statements more than
// running text. The weights are set by hand; tests/book/test_search.py checks the order of the results.
const WORTH = { Term: 3, "The paper": 2, Statement: 2, Verdict: 2, Section: 1.5, Claim: 1, Exercise: 1, Code: 1 };
const ASKING = ["what", "which", "how", "many", "why", "when", "who", "do", "does", "can", "i", "my"];
const SHOWN = 30; // at most this many places are listed
const LONG = 300; // characters in an excerpt; both numbers are a matter of taste

const stemmer = new Stemmer();
const stemmed = new Map();

function stems(text) { // omits formulas, and gives "sub-Gaussian" the stem of "subgaussian" as well
  const plain = text.replace(/\$[^$]*\$/g, " ").replace(/(\p{L}+)-(\p{L}+)/gu, "$1 $2 $1$2");
  return (plain.toLowerCase().match(/[\p{L}\p{N}]+/gu) || []).map(word => {
    if (!stemmed.has(word)) stemmed.set(word, stemmer.stemWord(word));
    return stemmed.get(word);
  });
}

function prepared(index) { // every place, and the number of places that contain each stem
  const places = Object.entries(index).flatMap(([name, [page, found]]) =>
    found.map(([kind, address, title, text]) => {
      const at = new URL(`${document.documentElement.dataset.content_root}${name}.html`, location);
      const where = kind === "Term" ? kind : page.endsWith(title) ? "Page" : `${kind} · ${page}`;
      const [inTitle, inText, inPage] = [title, text, page].map(stems);
      return { kind, title, text, where, link: new URL(address, at), inTitle, inText, inPage };
    }));
  const counts = new Map();
  for (const { inTitle, inText, inPage } of places)
    for (const word of new Set([...inTitle, ...inText, ...inPage]))
      counts.set(word, (counts.get(word) || 0) + 1);
  return { places, counts };
}

// The stems of a query, with more weight for rarer ones. A stem that is nowhere in the book stands for
// all stems that begin with it.
function asked(query, { places, counts }) {
  const common = [...stopwords, ...ASKING];
  const rare = query.filter(word => !common.includes(word));
  return (rare.length ? rare : query).map(word => {
    const same = counts.has(word) ? [word] : [...counts.keys()].filter(other => other.startsWith(word));
    const met = same.reduce((sum, other) => sum + counts.get(other), 0);
    return { same, weight: met && Math.log(1 + places.length / met) };
  });
}

function score({ kind, inTitle, inText, inPage }, wanted, query) {
  let sum = 0, met = 0, all = 0, named = 0;
  for (const { same, weight } of wanted) {
    const [title, text, page] = [inTitle, inText, inPage].map(
      words => words.filter(word => same.includes(word)).length);
    sum += weight * (3 * !!title + !!page + 2 * text / (text + 0.5 + inText.length / 100));
    all += weight;
    if (title || text || page) met += weight;
    if (title) named += 1;
  }
  if (!met || met < all / 2) return 0;
  const contains = words => ` ${words.join(" ")} `.includes(` ${query.join(" ")} `);
  const phrase = inTitle.join() === query.join() ? 4 : contains(inTitle) ? 2 : contains(inText) ? 1.5 : 1;
  return WORTH[kind] * phrase * sum * (met / all) ** 2 * (1 + named / (inTitle.length + 1));
}

function element(name, className, ...content) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...content);
  return made;
}

function typeset(parts, found = () => false) { // MathJax looks for elements of class math
  return parts.map(part => part.startsWith("$")
    ? element("span", "math", `\\(${part.slice(1, -1)}\\)`)
    : found(part) ? element("mark", "", part) : part);
}

const split = text => text.split(/(\$[^$]*\$|\s+)/);

function excerpt({ kind, text }, wanted) { // in a section, the excerpt starts shortly before the first hit
  const sought = new Set(wanted.flatMap(({ same }) => same));
  const found = part => stems(part).some(word => sought.has(word));
  const parts = split(text);
  const first = parts.findIndex(found);
  const start = kind === "Section" && first > 40 ? first - 20 : 0;
  let letters = 0;
  const shown = parts.slice(start).filter(part => (letters += part.startsWith("$") ? 8 : part.length) < LONG);
  return [start ? "… " : "", ...typeset(shown, found), letters < LONG ? "" : " …"];
}

Search.query = text => {
  const index = prepared(Search._index);
  const query = stems(text);
  const wanted = asked(query, index);
  const results = index.places
    .map(place => ({ place, points: score(place, wanted, query) }))
    .filter(({ points }) => points)
    .sort((a, b) => b.points - a.points);
  for (const { place } of results.slice(0, SHOWN)) {
    const link = element("a", "", ...typeset(split(place.title)));
    link.href = place.link;
    const where = element("small", "", ...typeset(split(place.where)));
    Search.output.append(element("li", "", link, " ", where, element("p", "context", ...excerpt(place, wanted))));
  }
  MathJax.startup?.promise.then(() => MathJax.typesetPromise([Search.output]));
  _finishSearch(results.length);
  Search.status.textContent = results.length ? `${results.length} places, best first` : "Nothing found";
};
