"use strict";
// What-if: the same whole numbers as spbe itself. A level is a number of steps above the lowest;
// an indicator's step is worth `weight` units; an index is (offset + units * factor) / divisor.
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("whatif-data").textContent);
  const begun = JSON.parse(byId("whatif-steps").textContent);
  const steps = [...begun];
  const controls = [];

  const make = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  const unitsOf = (node, levels) =>
    node.indicators.reduce((sum, at) => sum + levels[at] * data.indicators[at].weight, 0);

  // Numerator over divisor with so many decimals, rounded half away from zero, in whole numbers.
  const shown = (numerator, divisor, places, signed) => {
    const scale = 10 ** places;
    const near = Math.floor((2 * Math.abs(numerator) * scale + divisor) / (2 * divisor));
    const digits = String(near).padStart(places + 1, "0");
    const cut = digits.length - places;
    const sign = near === 0 ? "" : numerator < 0 ? "\u2212" : signed ? "+" : "";
    return sign + digits.slice(0, cut) + (places ? data.point + digits.slice(cut) : "");
  };

  const valueOf = (node, levels) =>
    shown(node.offset + unitsOf(node, levels) * node.factor, node.divisor, data.places, false);

  const predicateOf = (units) => data.predicates.find((each) => units >= each.least);

  const show = () => {
    const units = unitsOf(data.whole, steps);
    const change = (units - unitsOf(data.whole, begun)) * data.whole.factor;
    byId("whatif-index").textContent = valueOf(data.whole, steps);
    const predicate = predicateOf(units);
    byId("whatif-predicate").textContent = predicate.name;
    byId("whatif-predicate").className = "predicate " + predicate.tone;
    byId("whatif-change").textContent =
      change ? shown(change, data.whole.divisor, data.places + 2, true) : "";
    data.nodes.forEach((node) => {
      node.shown.textContent = valueOf(node, steps);
      node.shown.className = node.shown.textContent === node.before ? "" : "moved";
    });
    controls.forEach(({ row, gain }, at) => {
      const moved = (steps[at] - begun[at]) * data.indicators[at].weight * data.whole.factor;
      row.classList.toggle("moved", moved !== 0);
      gain.textContent = moved ? shown(moved, data.whole.divisor, data.places + 2, true) : "";
    });
  };

  const select = (indicator) => {
    const control = make("select");
    indicator.levels.forEach((text, step) => {
      const option = make("option", text);
      option.value = String(step);
      control.append(option);
    });
    return control;
  };

  const field = () => {
    const control = make("input");
    Object.assign(control, { type: "number", ...data.scale.attributes });
    return control;
  };

  // A scale without a step: a value is (steps + lowest) / count, shown with the decimals of all.
  const { count, lowest, decimals } = data.scale;
  const textOf = (step) => count
    ? shown(step + lowest, count, decimals, false).replace(data.point, ".")
    : data.scale.texts[step];
  const stepOf = (text) => {
    if (!count) return data.scale.texts.indexOf(Number(text).toFixed(decimals));
    const value = Number(text);
    const within = text && value >= data.scale.attributes.min && value <= data.scale.attributes.max;
    return within ? Math.round(value * count) - lowest : -1;
  };

  const write = (at) => {
    const { control } = controls[at];
    control.value = data.scale.attributes ? textOf(steps[at]) : String(steps[at]);
  };

  const read = (at) => {
    const { control } = controls[at];
    const found = data.scale.attributes ? stepOf(control.value) : Number(control.value);
    if (found < 0) write(at);
    else steps[at] = found;
    show();
  };

  const choice = (at) => {
    const indicator = data.indicators[at];
    const control = data.scale.attributes ? field() : select(indicator);
    control.id = "choice-" + at;
    const label = make("label", indicator.code + " " + indicator.name);
    label.htmlFor = control.id;
    const row = make("div", undefined, "choice");
    const gain = make("span", "", "gain");
    row.append(label, control, gain);
    controls[at] = { row, control, gain };
    write(at);
    control.addEventListener("change", () => read(at));
    return row;
  };

  const setAll = (wanted) => {
    wanted.forEach((step, at) => { steps[at] = step; write(at); });
    show();
  };

  data.nodes.forEach((node) => {
    const pair = make("div");
    const term = make("dt", node.code);
    term.title = node.name;
    node.shown = make("dd");
    node.before = valueOf(node, begun);
    pair.append(term, node.shown);
    byId("whatif-nodes").append(pair);
    if (!node.holds) return;
    const group = make("fieldset");
    group.append(make("legend", node.code + " " + node.name), ...node.indicators.map(choice));
    byId("whatif-choices").append(group);
  });
  byId("whatif-reset").addEventListener("click", () => setAll(begun));
  if (byId("whatif-target")) {
    byId("whatif-target").addEventListener("click", () =>
      setAll(steps.map((step) => Math.max(step, data.scale.target))));
  }
  show();
  byId("whatif").hidden = byId("to-whatif").hidden = false;
})();
