"use strict";
// The same whole numbers as spbe itself, for every page. A level is a number of steps above the
// lowest; an indicator's step is worth `weight` units; an index is (offset + units * factor) / divisor.
const byId = (id) => document.getElementById(id);

const make = (tag, text, className) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
};

const scoring = (data) => {
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

  const worth = (units) =>
    units ? shown(units * data.whole.factor, data.whole.divisor, data.places + 2, true) : "";

  const select = (indicator, blank) => {
    const control = make("select");
    if (blank !== undefined) {
      const option = make("option", blank);
      option.value = "";
      control.append(option);
    }
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

  const controlOf = (indicator, blank) =>
    data.scale.attributes ? field() : select(indicator, blank);

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
  const written = (step) => (data.scale.attributes ? textOf(step) : String(step));
  const readFrom = (control) =>
    data.scale.attributes ? stepOf(control.value) : Number(control.value);

  return { unitsOf, shown, valueOf, predicateOf, worth, controlOf, stepOf, written, readFrom };
};
