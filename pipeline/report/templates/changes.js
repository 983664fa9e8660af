"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const changes = JSON.parse($("data").textContent);
  const filter = $("filter");
  if (!filter) return;
  const located = Array.from(document.querySelectorAll("[data-c]"), (element) => [
    element,
    element.dataset.c.split(" ").map(Number),
  ]);
  const shown = new Set();
  let current = 0;
  let side = "n";

  const say = (text) => {
    $("status").textContent = text;
  };

  const chosen = (name) =>
    new Set(Array.from(filter.querySelectorAll(`[name=${name}]:checked`), (box) => box.value));

  function choose() {
    const severities = chosen("severity");
    const kinds = chosen("kind");
    const types = chosen("type");
    shown.clear();
    changes.forEach((change, index) => {
      const wanted =
        severities.has(change.severity) &&
        kinds.has(change.kind) &&
        change.types.some((type) => types.has(type));
      if (wanted) shown.add(index + 1);
    });
    for (const [element, numbers] of located) {
      element.classList.toggle("off", !numbers.some((number) => shown.has(number)));
    }
    say(`${shown.size} of ${changes.length} changes shown`);
  }

  function mark(number) {
    current = number;
    for (const [element, numbers] of located) {
      element.classList.toggle("now", numbers.includes(number));
    }
  }

  // Focus follows keys and links; whoever presses a button will press it again.
  function show(element, focus) {
    for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    element.scrollIntoView({ block: "center" });
    if (focus) element.focus({ preventScroll: true });
  }

  // The list first, so that the text has the last word on where the page is scrolled to.
  function go(number, wanted, focus) {
    const entry = $(`e${number}`);
    const here = [wanted, wanted === "n" ? "o" : "n"].find((s) => $(`c${number}${s}`));
    const fold = entry.querySelector("details");
    mark(number);
    fold.open = true;
    entry.scrollIntoView({ block: "nearest" });
    side = here || wanted;
    show(here ? $(`c${number}${here}`) : fold.querySelector("summary"), focus);
    const change = changes[number - 1];
    const text = side === "n" ? "new text" : "old text";
    const types = change.types.join(", ").replaceAll("_", " ");
    say(`${number} of ${changes.length}: ${types} (${change.severity}), ${here ? text : "in the list"}`);
  }

  function step(by, focus) {
    const numbers = Array.from(shown);
    if (!numbers.length) return;
    const next =
      by > 0
        ? numbers.find((number) => number > current) ?? numbers[0]
        : numbers.findLast((number) => number < current) ?? numbers.at(-1);
    go(next, "n", focus);
  }

  function cross(focus) {
    if (current) go(current, side === "n" ? "o" : "n", focus);
    else step(1, focus);
  }

  filter.addEventListener("change", choose);
  filter.addEventListener("submit", (event) => event.preventDefault());
  $("next").addEventListener("click", () => step(1, false));
  $("previous").addEventListener("click", () => step(-1, false));
  $("counterpart").addEventListener("click", () => cross(false));
  $("unfold").addEventListener("click", (event) => {
    const open = event.currentTarget.getAttribute("aria-pressed") !== "true";
    event.currentTarget.setAttribute("aria-pressed", String(open));
    for (const fold of document.querySelectorAll("details.fold")) fold.open = open;
  });

  $("texts").addEventListener("click", (event) => {
    const link = event.target.closest("a.badge, li a");
    const claim = event.target.closest(".claim:not(.off)");
    if (link) {
      const place = /^#([ce])(\d+)([on]?)$/.exec(link.getAttribute("href"));
      if (!place) return;
      event.preventDefault();
      if (place[1] === "c") {
        go(Number(place[2]), place[3], true);
      } else {
        mark(Number(place[2]));
        show($(`e${place[2]}`).querySelector("summary"), true);
      }
    } else if (claim && getSelection().isCollapsed) {
      const numbers = claim.dataset.c.split(" ").map(Number);
      const number = numbers.findLast((candidate) => shown.has(candidate));
      go(number, claim.closest(".cell").classList.contains("new") ? "o" : "n", true);
    }
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("select, textarea, input:not([type=checkbox])");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !$("keys").checked) return;
    const act = { n: () => step(1, true), p: () => step(-1, true), c: () => cross(true) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  filter.hidden = false;
  $("steps").hidden = false;
  choose();
})();
