// What-if on the page of a report: other levels, and what becomes of the index.
(() => {
  const data = JSON.parse(byId("whatif-data").textContent);
  const begun = JSON.parse(byId("whatif-steps").textContent);
  const steps = [...begun];
  const controls = [];
  const { unitsOf, valueOf, predicateOf, worth, controlOf, written, readFrom } = scoring(data);

  const show = () => {
    const units = unitsOf(data.whole, steps);
    byId("whatif-index").textContent = valueOf(data.whole, steps);
    const predicate = predicateOf(units);
    byId("whatif-predicate").textContent = predicate.name;
    byId("whatif-predicate").className = "predicate " + predicate.tone;
    byId("whatif-change").textContent = worth(units - unitsOf(data.whole, begun));
    data.nodes.forEach((node) => {
      node.shown.textContent = valueOf(node, steps);
      node.shown.className = node.shown.textContent === node.before ? "" : "moved";
    });
    controls.forEach(({ row, gain }, at) => {
      const moved = (steps[at] - begun[at]) * data.indicators[at].weight;
      row.classList.toggle("moved", moved !== 0);
      gain.textContent = worth(moved);
    });
  };

  const write = (at) => {
    controls[at].control.value = written(steps[at]);
  };

  const read = (at) => {
    const found = readFrom(controls[at].control);
    if (found < 0) write(at);
    else steps[at] = found;
    show();
  };

  const choice = (at) => {
    const indicator = data.indicators[at];
    const control = controlOf(indicator);
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
