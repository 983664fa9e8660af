"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const make = (tag, className, ...children) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };
  const { roles, standing, articles, records } = JSON.parse($("data").textContent);
  const texts = all("script.text");
  const form = $("filter");
  const panel = $("record");
  const PAGE = 80;
  const REFERRING = roles.indexOf("referring");
  const CUE = roles.indexOf("cue");

  // Links name records by their anchors, fields name them by their ids.
  const byAnchor = new Map();
  const byId = new Map();
  records.forEach((record, number) => {
    byAnchor.set(record.x.slice(record.x.indexOf("#")), number);
    byId.set(`${record.a} ${record.r.id}`, number);
  });

  let shown = new Set(records.keys());
  let pinned = -1; // the record that was chosen, and stays
  let looked = -1; // the one in the panel
  let article = -1; // whose text is there
  let runs = []; // its runs: element, and what covers it
  let marks = [];

  // ---- the text ----

  function turnTo(number) {
    if (!texts.length || number === article) return;
    article = number;
    const told = articles[number];
    const { whole, m, p } = JSON.parse(texts[number].textContent);
    marks = m;
    runs = [];
    const page = document.createDocumentFragment();
    const meta = told.r;
    const line = [(meta.authors || []).join(", "), meta.publisher, meta.published, meta.path];
    const titled = p.some(([section]) => section === "title");
    page.append(make("h2", titled ? "hidden" : "section-title", make("bdi", "", told.title)));
    page.append(make("p", "faint meta", line.filter(Boolean).join(" · ")));
    if (!whole) {
      const note = "The article file was not at hand: these are the sentences of its records.";
      page.append(make("p", "notice", note));
    }
    for (const [section, cut] of p) {
      const tag = section === "title" || section === "heading" ? "h3" : "p";
      const paragraph = make(tag, `section-${section}`);
      paragraph.dir = "auto";
      for (const [text, ...covering] of cut) {
        if (!covering.length) {
          paragraph.append(text);
          continue;
        }
        const run = make("span", "run", text);
        run.dataset.run = runs.length;
        runs.push({ element: run, covering });
        paragraph.append(run);
      }
      page.append(paragraph);
    }
    $("text").replaceChildren(page);
    if ($("turn")) $("turn").value = number;
    paint();
  }

  // Which layers a run is in follows from the records that are shown.
  function paint() {
    for (const { element, covering } of runs) {
      const classes = new Set(["run"]);
      for (const mark of covering) {
        const [record, role] = marks[mark];
        if (record === looked) classes.add(role < standing ? "lit" : "near");
        if (role >= standing || !shown.has(record)) continue;
        classes.add(records[record].k);
        if (role === CUE) classes.add("cue");
        if (role === REFERRING) classes.add("referring");
      }
      element.className = Array.from(classes).join(" ");
    }
  }

  // Of the records that stand at a run, the narrowest first.
  function recordsAt(run) {
    const found = [];
    for (const mark of runs[run].covering.toReversed()) {
      const [record, role] = marks[mark];
      if (role < standing && shown.has(record) && !found.includes(record)) found.push(record);
    }
    return found;
  }

  function spot(record, start, end, scroll) {
    let first = null;
    for (const { element, covering } of runs) {
      const meant = covering.some((mark) => {
        const [of, , from, to] = marks[mark];
        return of === record && from === start && to === end;
      });
      element.classList.toggle("spot", meant);
      if (meant && !first) first = element;
    }
    if (first && scroll) first.scrollIntoView({ block: "center" });
  }

  function bring(record) {
    const wanted = runs.filter(({ covering }) => covering.some((mark) => marks[mark][0] === record));
    const lit = wanted.find(({ element }) => element.classList.contains("lit")) || wanted[0];
    if (lit) lit.element.scrollIntoView({ block: "center" });
  }

  // ---- the panel ----

  const LINKS = new Set(["entity", "quote", "id", "source", "parent", "event"]);

  function link(number, text) {
    const anchor = make("a", `label ${records[number].k}`, make("bdi", "", text || records[number].h));
    anchor.href = records[number].x;
    anchor.dataset.r = number;
    return anchor;
  }

  function shownValue(value, name, number) {
    if (value === null) return "–";
    if (value === true) return "yes";
    if (value === false) return "no";
    if (typeof value === "number") {
      return name === "confidence" ? `${Math.round(100 * value)} %` : String(value);
    }
    if (typeof value === "string") {
      const target = LINKS.has(name) ? byId.get(`${records[number].a} ${value}`) : undefined;
      return target === undefined || target === number ? make("bdi", "", value) : link(target);
    }
    if (Array.isArray(value)) {
      if (!value.length) return "–";
      const list = make("ul", "", ...value.map((v) => make("li", "", shownValue(v, name, number))));
      if (value.length < 6) return list;
      return make("details", "", make("summary", "", `${value.length}`), list);
    }
    const { start, end, text, ...rest } = value;
    const parts = [];
    if (text !== undefined && start !== undefined) {
      const button = make("button", "plain", make("bdi", "", text));
      button.type = "button";
      button.dataset.span = `${number} ${start} ${end}`;
      parts.push(button);
    } else if (text !== undefined) rest.text = text;
    if (Object.keys(rest).length) parts.push(fields(rest, number));
    return make("div", "", ...parts);
  }

  function fields(value, number) {
    const list = make("dl", "");
    for (const [name, inner] of Object.entries(value)) {
      list.append(make("dt", "", name.replaceAll("_", " ")));
      list.append(make("dd", "", shownValue(inner, name, number)));
    }
    return list;
  }

  function tell(number, others = []) {
    if (number < 0) {
      panel.replaceChildren(
        make("p", "faint", "Point at a mark in the text, or choose a record, to see it here."),
      );
      panel.classList.remove("open");
      return;
    }
    const record = records[number];
    const close = make("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", "Let go of the record");
    const body = [
      close,
      make("h2", "", make("span", `badge ${record.k}`, record.k), " ", make("bdi", "", record.h)),
    ];
    const where = make("p", "faint", link(number, record.x.slice(record.x.indexOf("#"))));
    if (articles.length > 1) where.append(" · ", make("bdi", "", articles[record.a].title));
    body.push(where);
    if (others.length) {
      const list = others.map((other) => {
        const { k } = records[other];
        return make("li", "", make("span", `badge ${k}`, k), " ", link(other));
      });
      body.push(make("div", "", make("h3", "", "Also here"), make("ul", "also", ...list)));
    }
    // What it says before where it stands.
    const { id, start, end, text, sentence, section, ...said } = record.r;
    body.push(fields({ ...said, text, section, sentence, start, end, id }, number));
    const about = record.e || [];
    const linked = about
      .map((entity) => all(`#entities [data-e="${entity}"] button`)[0])
      .filter(Boolean)
      .map((button) => {
        const copy = make("button", "plain", button.textContent);
        copy.type = "button";
        copy.dataset.entity = button.dataset.entity;
        return make("li", "", copy);
      });
    if (linked.length) body.push(make("h3", "", "Mentions"), make("ul", "also", ...linked));
    panel.replaceChildren(...body);
    panel.classList.add("open");
    panel.scrollTop = 0;
  }

  function look(number, others) {
    if (looked === number) return;
    looked = number;
    tell(number, others);
    paint();
    for (const element of all(".rows .now, .list .now")) element.classList.remove("now");
    if (number >= 0) {
      for (const element of all(`.rows [data-r="${number}"], .list > [data-r="${number}"]`)) {
        element.classList.add("now");
      }
    }
  }

  // Choosing a record shows it, its text, and puts it into the address.
  function pin(number, { scroll = true, others = [] } = {}) {
    pinned = number;
    looked = -2;
    if (number >= 0) turnTo(records[number].a);
    look(number, others);
    const hash = number < 0 ? "" : records[number].x;
    if (!hash || hash.startsWith("#")) {
      history.replaceState(null, "", hash || location.pathname + location.search);
    }
    if (number >= 0 && scroll && $("view-text").classList.contains("on")) bring(number);
  }

  function follow() {
    const number = byAnchor.get(location.hash);
    if (number === undefined) return;
    if (texts.length) view("text");
    pin(number);
  }

  function step(by) {
    const inText = $("view-text").classList.contains("on") && texts.length;
    const order = Array.from(shown).filter((n) => !inText || records[n].a === article);
    if (!order.length) return;
    const here = order.indexOf(pinned);
    const at = here < 0 ? (by > 0 ? 0 : order.length - 1) : here + by;
    if (at >= 0 && at < order.length) pin(order[at]);
    say(`${Math.min(Math.max(at + 1, 1), order.length)} of ${order.length}`);
  }

  // ---- search and filters ----

  const plain = (text) =>
    text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const strings = (value) =>
    typeof value === "string"
      ? [value]
      : value && typeof value === "object"
        ? Object.values(value).flatMap(strings)
        : [];
  const searchable = []; // what each record is searched in

  // Made when there is time, and by the first search at the latest.
  function prepare() {
    if (searchable.length) return;
    for (const { h, w, r } of records) searchable.push(plain([h, w, ...strings(r)].join("\n")));
  }

  function dayOf(text, last) {
    const match = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text.trim());
    if (!match) return null;
    const [year, month, day] = match.slice(1).map((part) => (part ? Number(part) : undefined));
    const date = new Date(0);
    if (!last) date.setUTCFullYear(year, (month ?? 1) - 1, day ?? 1);
    else if (month === undefined) date.setUTCFullYear(year, 11, 31);
    else if (day === undefined) date.setUTCFullYear(year, month, 0);
    else date.setUTCFullYear(year, month - 1, day);
    return Math.floor(date.getTime() / 86400000) + 719163;
  }

  function wanted() {
    const value = (name) => (form.elements[name] ? form.elements[name].value : "");
    const number = (name) => (value(name) === "" ? null : Number(value(name)));
    const kinds = new Set(all("[name=kind]:checked", form).map((box) => box.value));
    const words = plain(value("search")).split(/\s+/).filter(Boolean);
    if (words.length) prepare();
    const [of, entity, speaker] = [number("article"), number("entity"), number("speaker")];
    const [least, most] = [number("least"), number("most")];
    const [after, before] = [dayOf(value("after"), false), dayOf(value("before"), true)];
    const sure = number("confidence") / 100;
    const tests = [];
    const add = (condition, test) => condition && tests.push(test);
    const odds = (r) => r.likelihood || { low: null, high: null };
    tests.push(({ k }) => kinds.has(k));
    add(of !== null, ({ a }) => a === of);
    add(entity !== null, ({ e }) => e !== undefined && e.includes(entity));
    add(speaker !== null, ({ s }) => s === speaker);
    add(value("level"), ({ r }) => odds(r).level === value("level"));
    add(least !== null, ({ r }) => odds(r).low !== null && odds(r).low >= least);
    add(most !== null, ({ r }) => odds(r).high !== null && odds(r).high <= most);
    add(value("orientation"), ({ r }) => r.orientation === value("orientation"));
    add(value("hedged"), ({ r }) => String(r.hedged) === value("hedged"));
    add(after !== null, ({ d }) => d && (d[1] === null || d[1] >= after));
    add(before !== null, ({ d }) => d && (d[0] === null || d[0] <= before));
    add(sure > 0, ({ r }) => r.confidence === undefined || r.confidence >= sure);
    add(words.length, (_, n) => words.every((word) => searchable[n].includes(word)));
    return (record, n) => tests.every((test) => test(record, n));
  }

  const say = (text) => {
    $("status").textContent = text;
  };

  function choose() {
    $("sure").textContent = form.elements.confidence.value;
    const test = wanted();
    shown = new Set();
    records.forEach((record, number) => {
      if (test(record, number)) shown.add(number);
    });
    say(`${shown.size.toLocaleString("en")} of ${records.length.toLocaleString("en")} records shown`);
    for (const list of lists.values()) list.filled = false;
    fill();
    paint();
  }

  // ---- lists that grow on demand ----

  const lists = new Map();
  for (const name of ["records", "timeline", "forecasts", "speakers", "entities"]) {
    if ($(name)) lists.set(name, { name, limit: PAGE, filled: false, rows: Array.from($(name).children) });
  }

  const inSpeakers = () => new Set(Array.from(shown, (n) => records[n].s));
  const inEntities = () => new Set(Array.from(shown).flatMap((n) => records[n].e || []));
  const member = {
    timeline: () => ({ dataset }) => shown.has(Number(dataset.r)),
    forecasts: () => ({ dataset }) => shown.has(Number(dataset.r)),
    speakers: () => ((known) => ({ dataset }) => known.has(Number(dataset.s)))(inSpeakers()),
    entities: () => ((known) => ({ dataset }) => known.has(Number(dataset.e)))(inEntities()),
  };

  function row(number) {
    const { k, w } = records[number];
    const told = make("div", "", link(number), " ", make("bdi", "faint", w));
    const item = make("li", "", make("span", `badge ${k}`, k), told);
    item.dataset.r = number;
    item.classList.toggle("now", number === looked);
    return item;
  }

  // Only the list that is seen is brought up to date.
  function fill() {
    const name = all(".view.on")[0].id.slice("view-".length);
    const list = lists.get(name);
    if (!list || list.filled) return;
    list.filled = true;
    let total = 0;
    if (name === "records") {
      total = shown.size;
      $(name).replaceChildren(...Array.from(shown).slice(0, list.limit).map(row));
    } else {
      const belongs = member[name]();
      for (const element of list.rows) {
        const kept = belongs(element);
        total += kept;
        element.hidden = !kept || total > list.limit;
      }
    }
    const button = all(`[data-more="${name}"]`)[0];
    button.parentElement.hidden = total <= list.limit;
    button.nextElementSibling.textContent = `${Math.min(total, list.limit)} of ${total}`;
  }

  function grow(name) {
    const list = lists.get(name);
    list.limit *= 3;
    list.filled = false;
    fill();
  }

  // ---- views ----

  const tabs = all("[role=tab]");

  function view(name, focus) {
    for (const tab of tabs) {
      const on = tab.id === `tab-${name}`;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      $(tab.getAttribute("aria-controls")).classList.toggle("on", on);
      if (on && focus) tab.focus();
    }
    if (name === "text" && article < 0) turnTo(0);
    fill();
    if (name === "timeline") rule();
  }

  const lanes = $("lanes");
  const widths = [250, 500, 1000, 2000, 4000, 8000, 16000, 32000];

  // The marks that the axis has room for.
  function rule() {
    if (!lanes) return;
    const width = all(".ticks", lanes)[0].clientWidth;
    lanes.dataset.width = widths.findLast((room) => room <= width) ?? widths[0];
  }

  function zoom(by) {
    if (!lanes) return;
    const old = Number(lanes.dataset.zoom);
    const now = Math.min(32, Math.max(1, by > 0 ? old * 2 : old / 2));
    const axis = all(".ticks", lanes)[0];
    const label = all(".axis .label", lanes)[0].clientWidth;
    const seen = lanes.clientWidth - label;
    const middle = (lanes.scrollLeft + seen / 2) / axis.clientWidth;
    lanes.dataset.zoom = now;
    lanes.style.setProperty("--zoom", now);
    $("zoom").textContent = `${now} ×`;
    lanes.scrollLeft = middle * axis.clientWidth - seen / 2;
    rule();
  }

  function arrange(order) {
    const rows = lists.get("forecasts").rows;
    const key = { due: (d) => Number(d.due), odds: (d) => -Number(d.odds), text: (d) => Number(d.r) }[order];
    rows.sort((a, b) => key(a.dataset) - key(b.dataset));
    $("forecasts").append(...rows);
    lists.get("forecasts").filled = false;
    fill();
  }

  function narrow(name, number) {
    form.reset();
    form.elements[name].value = number;
    choose();
    view("records", true);
  }

  // ---- what people do ----

  form.addEventListener("input", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(choose));

  for (const tab of tabs) {
    tab.addEventListener("click", () => view(tab.id.slice("tab-".length)));
    tab.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
      view(next.id.slice("tab-".length), true);
    });
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const run = at(".run");
    const button = at("button");
    const anchor = at("a[href]");
    if (button && button.dataset.more) grow(button.dataset.more);
    else if (button && button.dataset.speaker) narrow("speaker", button.dataset.speaker);
    else if (button && button.dataset.entity) narrow("entity", button.dataset.entity);
    else if (button && button.dataset.span) {
      const [record, start, end] = button.dataset.span.split(" ").map(Number);
      view("text");
      turnTo(records[record].a);
      spot(record, start, end, true);
    } else if (button && button.classList.contains("close")) pin(-1);
    else if (anchor) {
      const number = byAnchor.get(anchor.getAttribute("href"));
      if (number === undefined) return;
      event.preventDefault();
      if (anchor.closest("#record") && texts.length) view("text");
      pin(number);
    } else if (run && getSelection().isCollapsed) {
      // A second press on the same words goes on to the next record that stands there.
      const found = recordsAt(run.dataset.run);
      if (!found.length) return;
      const next = found[(found.indexOf(pinned) + 1) % found.length];
      pin(next, { scroll: false, others: found.filter((other) => other !== next) });
    }
  });

  document.addEventListener("pointerover", (event) => {
    const node = event.target.closest(".node");
    if (node) {
      for (const tie of all(".tie")) {
        tie.classList.toggle("lit", tie.dataset.ends.split(" ").includes(node.dataset.e));
      }
    }
    if (pinned >= 0 || event.pointerType === "touch") return;
    const run = event.target.closest(".run");
    if (!run) return;
    const [first = -1, ...others] = recordsAt(run.dataset.run);
    look(first, others);
  });
  document.addEventListener("pointerout", (event) => {
    if (event.target.closest(".node")) all(".tie.lit").forEach((tie) => tie.classList.remove("lit"));
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("select, textarea, input:not([type=checkbox])");
    if (event.key === "Escape") {
      if (typing) typing.blur();
      else pin(-1);
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !$("keys").checked) return;
    const kinds = all("[name=kind]", form);
    const acts = {
      n: () => step(1),
      p: () => step(-1),
      "+": () => zoom(1),
      "-": () => zoom(-1),
      "]": () => turn(1),
      "[": () => turn(-1),
      "/": () => {
        $("choice").open = true;
        $("search").focus();
      },
    };
    const act = acts[event.key] || (kinds[event.key - 1] && (() => kinds[event.key - 1].click()));
    if (!act) return;
    event.preventDefault();
    act();
  });

  function turn(by) {
    const next = article + by;
    if (next < 0 || next >= texts.length) return;
    view("text");
    turnTo(next);
    scrollTo(0, 0);
  }

  const on = (id, type, act) => $(id) && $(id).addEventListener(type, act);
  on("turn", "change", () => turnTo(Number($("turn").value)));
  on("previous-article", "click", () => turn(-1));
  on("next-article", "click", () => turn(1));
  on("closer", "click", () => zoom(1));
  on("wider", "click", () => zoom(-1));
  on("order", "change", () => arrange($("order").value));
  addEventListener("hashchange", follow);
  addEventListener("resize", rule);

  $("choice").open = matchMedia("(width >= 72rem)").matches;
  tell(-1);
  view("text");
  choose();
  follow();
  (self.requestIdleCallback || setTimeout)(prepare);
})();
