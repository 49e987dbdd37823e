// The search of the register. It reads the listings of search-data.js, and puts them into the page as text, never as markup.
"use strict";
(() => {
  const data = window.registerData;
  const form = document.getElementById("search");
  const body = document.getElementById("rows");
  const shown = document.getElementById("shown");
  const pager = document.getElementById("pager");
  if (!data || !form) return;
  const PER_PAGE = 50;
  const today = new Date().toISOString().slice(0, 10);
  const tones = { current: ["pass", "✓"], suspended: ["open", "!"], expired: ["none", "○"], superseded: ["none", "→"], withdrawn: ["fail", "✗"] };
  const field = (id) => document.getElementById(id);
  const names = ["text", "standard", "version", "role", "setting", "maturity", "assurance", "state"];

  const listings = data.rows.map((row) => {
    const [product, supplier, page] = data.products[row[0]];
    const [standard, standardVersion] = data.standards[row[2]];
    const until = row[9];
    // A page that was not built again does not make what is over count.
    const recorded = data.states[row[8]];
    const state = recorded === "current" && until < today ? "expired" : recorded;
    return {
      product, supplier, page, version: row[1], standard, standardVersion, role: data.roles[row[3]],
      settings: row[4], maturity: data.maturities[row[5]], verdict: data.verdicts[row[6]],
      assurance: data.assurances[row[7]], state, until,
      words: `${product}\n${row[1]}\n${supplier}`.toLowerCase(),
    };
  });

  const fill = (id, options) => {
    const select = field(id);
    const chosen = select.value;
    select.length = 1;
    for (const [value, words] of options) {
      if (value !== "") select.add(new Option(words, value));
    }
    if ([...select.options].some((option) => option.value === chosen)) select.value = chosen;
  };
  const plain = (words) => [...words].sort().map((word) => [word, word]);
  const versions = () => {
    const standard = field("standard").value;
    const of = data.standards.filter(([id]) => standard === "" || id === standard);
    fill("version", plain(new Set(of.map(([, version]) => version))));
  };
  fill("standard", plain(new Set(data.standards.map(([id]) => id))));
  fill("role", plain(data.roles));
  fill("setting", data.settings.map(([, title], index) => [String(index), title]));
  fill("maturity", plain(data.maturities));
  fill("assurance", plain(data.assurances));
  fill("state", data.states.map((state) => [state, state]));
  versions();

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const outcome = (words, tone, symbol) => {
    const cell = element("td");
    cell.append(element("span", `${symbol} ${words}`, `outcome ${tone}`));
    return cell;
  };
  const line = (one) => {
    const row = element("tr");
    const head = element("th");
    head.scope = "row";
    const link = element("a", one.product);
    link.href = one.page;
    head.append(link, element("span", one.supplier, "supplier"));
    const [words, symbol, tone] = one.verdict;
    row.append(
      head, element("td", one.version), outcome(one.state, ...tones[one.state]), outcome(words, tone, symbol),
      element("td", `${one.standard}@${one.standardVersion}`), element("td", one.role), element("td", one.assurance),
      element("td", one.until, "date"), element("td", one.maturity),
      element("td", one.settings.map((index) => data.settings[index][1]).join(", ")),
    );
    return row;
  };

  let found = listings;
  let first = 0;
  const previous = element("button", "Previous");
  const next = element("button", "Next");
  const able = (button, is) => button.setAttribute("aria-disabled", String(!is));
  const show = () => {
    const part = found.slice(first, first + PER_PAGE);
    body.replaceChildren(...part.map(line));
    shown.textContent = found.length === 0
      ? "No listing fits"
      : `Listings ${first + 1} to ${first + part.length} of ${found.length}`;
    able(previous, first > 0);
    able(next, first + PER_PAGE < found.length);
  };
  const search = () => {
    const wanted = Object.fromEntries(names.map((name) => [name, field(name).value.trim()]));
    const words = wanted.text.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const is = (value, one) => value === "" || value === one;
    found = listings.filter((one) =>
      is(wanted.standard, one.standard) && is(wanted.version, one.standardVersion) && is(wanted.role, one.role)
      && (wanted.setting === "" || one.settings.includes(Number(wanted.setting))) && is(wanted.maturity, one.maturity)
      && is(wanted.assurance, one.assurance) && is(wanted.state, one.state)
      && words.every((word) => one.words.includes(word)));
    first = 0;
    show();
    const kept = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== ""));
    history.replaceState(null, "", kept.size > 0 ? `#${kept}` : location.pathname);
  };

  previous.type = next.type = "button";
  previous.addEventListener("click", () => { if (first > 0) { first -= PER_PAGE; show(); } });
  next.addEventListener("click", () => { if (first + PER_PAGE < found.length) { first += PER_PAGE; show(); } });
  const list = element("ul");
  for (const button of [previous, next]) {
    const item = element("li");
    item.append(button);
    list.append(item);
  }
  pager.replaceChildren(list);
  let waiting;
  field("text").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 100); });
  form.addEventListener("change", () => { versions(); search(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  form.addEventListener("reset", () => setTimeout(() => { versions(); search(); }));

  const given = new URLSearchParams(location.hash.slice(1));
  for (const name of names) {
    if (given.has(name)) field(name).value = given.get(name);
    if (name === "standard") versions();
  }
  form.hidden = false;
  if ([...given.keys()].some((name) => names.includes(name))) search(); else show();
})();
