// What a test asks of a page. Each answer is short, and says the first few places where something is wrong.
const places = (elements) => elements.slice(0, 5).map((one) => one.outerHTML.slice(0, 160));
const all = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());

// Folded parts are looked at too.
const unfold = () => { for (const folded of document.querySelectorAll("details")) folded.open = true; };

// How much wider the page is than its window, tables and source text in their own frames aside.
const tooWide = () => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth);

const barriers = () => axe
  .run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
  .then((found) => found.violations.map((one) => [one.id, one.nodes.length, one.nodes[0].html.slice(0, 200)]));

// What can be worked, the first forty from the top; radio buttons of a group are come to by the one that is chosen.
const awaited = new Set();
const awaitFocus = () => {
  const workable = all("a[href], button, input, select, summary, [tabindex]")
    .filter((one) => !(one.type === "radio" && !one.checked));
  for (const one of workable.slice(0, 40)) awaited.add(one);
  document.addEventListener("focusin", (event) => awaited.delete(event.target));
  return awaited.size;
};
const notComeTo = () => places([...awaited]);

// Verdicts that no text tells, and boxes and rows of tables without a line in the colour that the reader chose.
const unseen = () => {
  const chosen = getComputedStyle(document.body).color;
  const untold = all(".badge, .outcome, .verdict").filter((one) => one.textContent.trim() === "");
  const unlined = all(".badge, .answer, .standard, #search, fieldset, td").filter((one) => {
    const style = getComputedStyle(one);
    return parseFloat(style.borderBottomWidth) === 0 || style.borderBottomStyle === "none" || style.borderBottomColor !== chosen;
  });
  return places(untold.concat(unlined));
};

// Heads of tables that paper shows once only.
const unrepeated = () =>
  places(all("thead").filter((one) => getComputedStyle(one).display !== "table-header-group"));
