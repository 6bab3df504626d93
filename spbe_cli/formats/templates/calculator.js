// The page to fill in: its controls, what they give, files, and a draft that the browser keeps.
(() => {
  const parsed = (id) => JSON.parse(byId(id).textContent);
  const [sheet, every, words] = [parsed("sheet"), parsed("data"), parsed("words")];
  const codes = every.id.indicators.map((each) => each.code);
  const names = every.id.indicators.map((each) => each.name);
  const sheetsOf = sheets(sheet, codes);
  const { HEAD, full, levelText, levelOf, carried } = sheetsOf;
  const DRAFT = "spbe " + sheet.id;

  let language = document.documentElement.lang;
  let [said, data] = [words[language], every[language]];
  let scores = scoring(data);
  let state = sheetsOf.empty();
  let begun = null;  // the levels of the file that was opened
  let told = null;
  const rows = [];

  const say = (key, values) => Object.entries(values || {}).reduce(
    (text, [name, value]) => text.replaceAll("{" + name + "}", () => value), said[key]);

  const tell = (key, values, tone) => {
    told = key ? [key, values, tone] : null;
    byId("told").textContent = key ? say(key, values) : "";
    byId("told").className = tone || "";
  };

  const basisIn = (year) => {
    const begunBy = sheet.periods.filter(([from]) => from === null || from <= year);
    if (!year) return sheet.periods[sheet.periods.length - 1][1];
    return (begunBy.length ? begunBy[begunBy.length - 1] : sheet.periods[0])[1];
  };

  const yearOf = () => (/^2[0-9]{3}$/.test(state.head.year || "") ? Number(state.head.year) : null);

  const levels = () => state.entries.map(levelOf);

  const isWhole = (node, found) => node.indicators.every((at) => found[at] !== null);

  const nextRise = (step) => {
    if (sheet.rises.length > 1) return sheet.rises.find((bound) => bound > step);
    return step < sheet.most ? Math.min(step + sheet.rises[0], sheet.most) : undefined;
  };

  // What the exact index lacks to the next predicate, in full.
  const distance = (units, at, basis) => {
    const [over, under] = sheet.bases[basis].index[at - 1].map(BigInt);
    const { offset, factor, divisor } = data.whole;
    const index = BigInt(offset + units * factor);
    const lacking = over * BigInt(divisor) - index * under;
    return full(lacking, under * BigInt(divisor), data.places, data.point);
  };

  // The chart comes with its outlines at the top of every axis: values lie between there and the
  // centre. The figures stand in the result as text.
  const chart = () => {
    const figure = byId("radar");
    if (!figure) return () => {};
    const all = (selector) => [...figure.querySelectorAll(selector)];
    const axis = all("line.grid")[0];
    const [x0, y0] = ["x1", "y1"].map((name) => Number(axis.getAttribute(name)));
    const pairs = (outline) => outline.getAttribute("points").split(" ").map(
      (pair) => pair.split(",").map(Number));
    const texts = all("text");
    const figures = texts.filter((each) => !each.textContent);
    const lines = [["now", "circle"], ["was", "square"]].map(([key, shape]) => {
      const outline = all("polygon.outline.line-" + shape)[0];
      return {
        key, outline, ends: pairs(outline),
        markers: all(".marker.line-" + shape),
        legend: [...all("line.line-" + shape), texts.find((each) => each.textContent === key)],
      };
    });
    const [low, each] = [sheet.lowest, sheet.step].map(([over, under]) => over / under);
    const top = low + sheet.most * each;
    const draw = (line, found, nodes) => {
      const known = nodes.map((node) => Boolean(found) && isWhole(node, found));
      const points = nodes.map((node, at) => {
        const index = known[at]
          ? (node.offset + scores.unitsOf(node, found) * node.factor) / node.divisor : 0;
        const [x, y] = line.ends[at];
        return [x0 + ((x - x0) * index) / top, y0 + ((y - y0) * index) / top];
      });
      line.outline.setAttribute("points", points.filter((_, at) => known[at])
        .map((pair) => pair.map((value) => value.toFixed(1)).join(",")).join(" "));
      line.markers.slice(0, nodes.length).forEach((marker, at) => {
        marker.classList.toggle("off", !known[at]);
        const [[x, y], shift] = [points[at], marker.tagName === "rect" ? 3 : 0];
        marker.setAttribute(shift ? "x" : "cx", x - shift);
        marker.setAttribute(shift ? "y" : "cy", y - shift);
      });
      const isShown = line.key === "now" || Boolean(found);
      [...line.legend, ...line.markers.slice(nodes.length)].forEach(
        (part) => part.classList.toggle("off", !isShown));
      line.legend[1].textContent = say(line.key);
    };
    return (found) => {
      const nodes = data.nodes.filter((node) => node.holds);
      lines.forEach((line) => draw(line, line.key === "now" ? found : begun, nodes));
      figures.forEach((text, at) => {
        text.textContent = isWhole(nodes[at], found) ? scores.valueOf(nodes[at], found) : "";
      });
    };
  };
  const drawChart = chart();

  const showResult = (found) => {
    const basis = basisIn(yearOf());
    data.predicates.forEach((each, at) => { each.least = sheet.bases[basis].units[at]; });
    const filled = found.filter((each) => each !== null).length;
    const count = found.length;
    byId("filled").textContent = filled < count ? say("filled", { filled, count }) : "";
    const clear = (...ids) => ids.forEach((id) => { byId(id).textContent = ""; });
    if (filled < count) {
      clear("predicate", "change", "before");
      byId("index").textContent = "\u2013";
      const ends = [0, sheet.most].map(
        (end) => scores.valueOf(data.whole, found.map((each) => each ?? end)));
      byId("distance").textContent = say("range", { lowest: ends[0], highest: ends[1] });
      return;
    }
    const units = scores.unitsOf(data.whole, found);
    byId("index").textContent = scores.valueOf(data.whole, found);
    const predicate = scores.predicateOf(units);
    byId("predicate").textContent = predicate.name;
    byId("predicate").className = "predicate " + predicate.tone;
    const at = data.predicates.indexOf(predicate);
    byId("distance").textContent = at === 0 ? say("top") : say("distance", {
      points: distance(units, at, basis), predicate: data.predicates[at - 1].name });
    clear("change", "before");
    if (begun && isWhole(data.whole, begun)) {
      byId("change").textContent = scores.worth(units - scores.unitsOf(data.whole, begun));
      byId("before").textContent = say("before", { value: scores.valueOf(data.whole, begun) });
    }
  };

  // Paper has what is ticked, of everything that can be unfolded.
  const tickedOf = (entry, at) => (sheet.criteria[at] ? sheet.criteria[at].levels : []).flatMap(
    ({ level, name, pieces }) => (entry.ticked[level] || []).map(
      (number) => name + ": " + pieces[number - 1][0]));

  const showRow = (row, at, step) => {
    const entry = state.entries[at];
    const rise = step === null ? undefined : nextRise(step);
    const weight = data.indicators[at].weight;
    row.gain.textContent = rise === undefined ? "" : scores.worth((rise - step) * weight);
    row.row.classList.toggle("moved", Boolean(begun) && begun[at] !== step);
    const parts = [entry.note.trim(), ...sheetsOf.linesOf(entry.evidence), entry.responsible.trim()];
    const value = carried(entry, at);
    if (value !== null) parts.unshift(say("from_evidence", { value: levelText(value, data.point) }));
    row.said.textContent = parts.filter(Boolean).join(" \u00b7 ");
    const numbers = JSON.stringify(entry.ticked);
    if (numbers === row.numbers) return;  // most rows, at every change
    row.numbers = numbers;
    row.ticked.replaceChildren(...tickedOf(entry, at).map((line) => make("li", line)));
  };

  const keepNow = () => {
    try {
      localStorage.setItem(DRAFT, sheetsOf.toJson(state));
    } catch { /* this browser keeps nothing for this page */ }
  };
  let keeping = 0;
  const keep = () => {
    clearTimeout(keeping);
    keeping = setTimeout(keepNow, 300);
  };

  const show = () => {
    const found = levels();
    showResult(found);
    data.nodes.forEach((node) => {
      node.shown.textContent = isWhole(node, found) ? scores.valueOf(node, found) : "\u2013";
      const before = begun && isWhole(node, begun) ? scores.valueOf(node, begun) : null;
      node.shown.className = before && before !== node.shown.textContent ? "moved" : "";
    });
    rows.forEach((row, at) => showRow(row, at, found[at]));
    drawChart(found);
    const [year, [from, to]] = [yearOf(), sheet.years];
    const isOutside = year && ((from && year < from) || (to && year > to));
    byId("year-outside").textContent = isOutside ? say("year_outside") : "";
  };

  const changed = () => { show(); keep(); };

  const writeLevel = (at) => {
    const step = state.entries[at].step;
    rows[at].control.value = step === null ? "" : scores.written(step);
  };

  const readLevel = (at) => {
    const { control } = rows[at];
    const isBlank = control.value === "" && !(control.validity && control.validity.badInput);
    const found = isBlank ? null : scores.readFrom(control);
    if (found === null || found >= 0) state.entries[at].step = found;
    else {
      tell("wrong_level", { code: codes[at], found: control.value }, "poor");
      writeLevel(at);
    }
    changed();
  };

  const labelled = (id, text, control, at, key) => {
    control.id = id;
    control.value = state.entries[at][key];
    control.addEventListener("input", () => { state.entries[at][key] = control.value; changed(); });
    const label = make("label", text, "label");
    label.htmlFor = id;
    const field = make("p");
    field.append(label, control);
    return field;
  };

  const text = () => Object.assign(make("input"), { type: "text" });
  const area = () => Object.assign(make("textarea"), { rows: 2 });

  const tickOf = (at, level, number, [says, counts]) => {
    const box = Object.assign(make("input"), { type: "checkbox" });
    box.id = ["tick", at, level, number].join("-");
    const ticked = () => state.entries[at].ticked;
    box.checked = (ticked()[level] || []).includes(number);
    box.addEventListener("change", () => {
      const numbers = new Set(ticked()[level] || []);
      if (box.checked) numbers.add(number);
      else numbers.delete(number);
      ticked()[level] = [...numbers].sort((one, other) => one - other);
      changed();
    });
    const label = make("label", says + (counts || /^opsional/i.test(says) ? "" : " (" + say("optional") + ")"));
    label.htmlFor = box.id;
    const line = make("li");
    line.append(box, label);
    return line;
  };

  const more = (at) => {
    const parts = [];
    const criteria = sheet.criteria[at];
    if (criteria) {
      parts.push(make("p", criteria.about));
      criteria.levels.forEach(({ level, name, says, pieces }) => {
        parts.push(make("h3", name), make("p", says));
        const list = make("ul");
        list.append(...pieces.map((piece, place) => tickOf(at, level, place + 1, piece)));
        if (pieces.length) parts.push(list);
      });
    }
    parts.push(
      labelled("note-" + at, say("note"), area(), at, "note"),
      labelled("evidence-" + at, say("evidence_lines"), area(), at, "evidence"),
      labelled("responsible-" + at, say("responsible"), text(), at, "responsible"));
    return parts;
  };

  // What is unfolded is made when it is first asked for: most is never looked at.
  const details = (at) => {
    const element = make("details");
    element.id = "more-" + at;
    const summary = make("summary", say(sheet.criteria[at] ? "details" : "details_of"));
    summary.setAttribute("aria-label", summary.textContent + ", " + codes[at]);
    const inner = make("div", undefined, "more");
    element.append(summary, inner);
    element.addEventListener("toggle", () => {
      if (element.open && !inner.firstChild) inner.append(...more(at));
    });
    return element;
  };

  const choice = (at) => {
    const indicator = data.indicators[at];
    const control = scores.controlOf(indicator, "\u2013");
    control.id = "choice-" + at;
    const label = make("label", indicator.code + " " + indicator.name);
    label.htmlFor = control.id;
    const row = make("div", undefined, "choice");
    const [gain, note] = [make("span", "", "gain"), make("p", "", "said")];
    const ticked = make("ul", undefined, "ticked");
    row.append(label, control, gain, note, ticked, details(at));
    rows[at] = { row, control, gain, said: note, ticked, numbers: "{}" };
    writeLevel(at);
    control.addEventListener("change", () => readLevel(at));
    return row;
  };

  const build = () => {
    [said, data] = [words[language], every[language]];
    scores = scoring(data);
    document.documentElement.lang = language;
    document.querySelectorAll("[data-say]").forEach((each) => {
      each.textContent = say(each.dataset.say);
    });
    document.querySelectorAll("[data-name]").forEach((each) => {
      each.setAttribute("aria-label", say(each.dataset.name));
    });
    document.querySelectorAll("[data-language]").forEach((each) => {
      each.setAttribute("aria-pressed", String(each.dataset.language === language));
    });
    HEAD.forEach((key) => { byId("head-" + key).value = state.head[key] || ""; });
    byId("nodes").replaceChildren();
    byId("choices").replaceChildren();
    data.nodes.forEach((node) => {
      const pair = make("div");
      const term = make("dt", node.code);
      term.title = node.name;
      node.shown = make("dd");
      pair.append(term, node.shown);
      byId("nodes").append(pair);
      if (!node.holds) return;
      const group = make("fieldset");
      // those directly here: what inner nodes hold stands with them
      const inner = data.nodes.filter((each) => each !== node && each.holds
        && each.indicators.length < node.indicators.length);
      const own = node.indicators.filter((at) => !inner.some((each) => each.indicators.includes(at)));
      group.append(make("legend", node.code + " " + node.name), ...own.map(choice));
      byId("choices").append(group);
    });
    if (told) tell(...told);
    show();
  };

  const download = (name, content, type) => {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    tell("saved", { file: name });
  };

  const fileName = (ending) => {
    const parts = [state.head.institution || "nilai", state.head.year || ""];
    const plain = parts.join(" ").toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-");
    return (plain.replace(/^-|-$/g, "") || "nilai") + ending;
  };

  const open = async (file) => {
    try {
      const content = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      state = sheetsOf.read(content, Object.values(words), names);
    } catch (error) {
      const reason = error.reason || "no_sheet";
      tell("not_read", { file: file.name, reason: say(reason, error.values).replace(/\.$/, "") }, "poor");
      return;
    }
    begun = levels();
    const filled = begun.filter((each) => each !== null).length;
    told = ["opened", { file: file.name, filled, count: codes.length }];
    build();
    keep();
  };

  const start = () => {
    state = sheetsOf.empty();
    state.head = { institution: sheet.institution, year: String(sheet.year || ""), stage: "self" };
    begun = null;
  };

  HEAD.forEach((key) => byId("head-" + key).addEventListener("input", (event) => {
    state.head[key] = event.target.value;
    changed();
  }));
  document.querySelectorAll("[data-language]").forEach((each) =>
    each.addEventListener("click", () => { language = each.dataset.language; build(); }));
  byId("save").addEventListener("click", () =>
    download(fileName(".json"), sheetsOf.toJson(state), "application/json"));
  byId("save-csv").addEventListener("click", () => {
    const isTicked = state.entries.some((entry, at) => carried(entry, at) !== null);
    download(fileName(".csv"), sheetsOf.toCsv(state, names, said, said.separator), "text/csv");
    if (isTicked) tell("csv_ticks");
  });
  byId("open").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", ({ target }) => {
    if (target.files.length) open(target.files[0]).then(() => { target.value = ""; });
  });
  byId("print").addEventListener("click", () => print());
  byId("clear").addEventListener("click", () => {
    if (!confirm(say("sure"))) return;
    start();
    told = ["cleared"];
    build();
    keep();
  });
  const dropping = (is) => document.body.classList.toggle("dropping", is);
  document.addEventListener("dragover", (event) => { event.preventDefault(); dropping(true); });
  document.addEventListener("dragleave", () => dropping(false));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    dropping(false);
    if (event.dataTransfer.files.length) open(event.dataTransfer.files[0]);
  });

  addEventListener("pagehide", () => { if (keeping) keepNow(); });

  start();
  const untouched = sheetsOf.toJson(state);
  try {
    const draft = localStorage.getItem(DRAFT);
    if (draft && draft !== untouched) {
      state = sheetsOf.read(draft, Object.values(words), names);
      told = ["draft"];
    }
  } catch { /* none is kept, or none that is of this page */ }
  build();
})();
