// Score sheets as text: JSON and CSV, written and read, and levels as exact numbers.
// An entry has step (null: none given), note, evidence (a line a piece), responsible, and ticked:
// by level, the numbers of the accepted pieces.
const sheets = (sheet, codes) => {
  const HEAD = ["institution", "category", "province", "year", "stage"];
  const DETAILS = ["note", "responsible"];

  class Refused extends Error {
    constructor(reason, values) {
      super(reason);
      this.reason = reason;
      this.values = values || {};
    }
  }

  const divisorOf = (one, other) => (other ? divisorOf(other, one % other) : one < 0n ? -one : one);

  // A fraction in full: its decimals where they end, at least so many, else numerator/denominator.
  const full = (numerator, denominator, least, point) => {
    const shared = divisorOf(numerator, denominator);
    const [over, under] = [numerator / shared, denominator / shared];
    const limit = 18;
    let places = least;
    while (places < limit && 10n ** BigInt(places) % under) places += 1;
    if (10n ** BigInt(places) % under) return over + "/" + under;
    const digits = String(over * (10n ** BigInt(places) / under)).padStart(places + 1, "0");
    const cut = digits.length - places;
    return digits.slice(0, cut) + (places ? point + digits.slice(cut) : "");
  };

  const [lowestOver, lowestUnder] = sheet.lowest.map(BigInt);
  const [stepOver, stepUnder] = sheet.step.map(BigInt);

  const levelText = (step, point) => full(
    lowestOver * stepUnder + BigInt(step) * stepOver * lowestUnder, lowestUnder * stepUnder,
    0, point || ".");

  // How many steps a level lies above the lowest; -1 where it is not on the scale.
  const stepOf = (text) => {
    const found = /^([0-9]{1,12})(?:[.,]([0-9]{1,20})|\/([1-9][0-9]{0,11}))?$/.exec(text.trim());
    if (!found) return -1;
    const [, whole, decimals, under] = found;
    const below = under ? BigInt(under) : 10n ** BigInt((decimals || "").length);
    const over = BigInt(whole + (decimals || ""));
    const numerator = (over * lowestUnder - lowestOver * below) * stepUnder;
    const denominator = below * lowestUnder * stepOver;
    const isFine = sheet.rises.length > 1;
    if ((under && !isFine) || numerator < 0n) return -1;
    if (numerator % denominator && !isFine) return -1;
    const step = Number((2n * numerator + denominator) / (2n * denominator));
    return step <= sheet.most ? step : -1;
  };

  const piecesAt = (at, level) => {
    const criteria = sheet.criteria[at];
    const found = criteria && criteria.levels.find((each) => each.level === level);
    return found ? found.pieces : [];
  };

  // The level that ticked evidence carries; null where nothing is ticked.
  const carried = (entry, at) => {
    const accepted = (level) => new Set(entry.ticked[level] || []);
    if (!Object.values(entry.ticked).some((each) => each.length)) return null;
    if (sheet.bands.length) {
      for (const [level, start, end] of sheet.bands) {
        const pieces = piecesAt(at, level).length;
        const count = accepted(level).size;
        if (!pieces || count < pieces) {
          const value = start + (pieces ? ((end - start) * count) / pieces : 0);
          return sheet.rises.length > 1 ? Math.round(value) : Math.floor(value);
        }
      }
      return sheet.most;
    }
    let reached = 0;
    for (const [step, level] of sheet.levels.entries()) {
      const pieces = piecesAt(at, level);
      const isFull = pieces.every(([, counts], number) => !counts || accepted(level).has(number + 1));
      if (!pieces.length || !isFull) break;
      reached = step;
    }
    return reached;
  };

  const levelOf = (entry, at) => (entry.step === null ? carried(entry, at) : entry.step);

  const blank = () => ({ step: null, note: "", evidence: "", responsible: "", ticked: {} });
  const empty = () => ({ head: {}, note: "", entries: codes.map(blank) });

  const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

  const number = (text) => (String(Number(text)) === text ? Number(text) : text);

  const entryJson = (entry) => {
    const found = {};
    if (entry.step !== null) found.level = number(levelText(entry.step));
    if (entry.note.trim()) found.note = entry.note.trim();
    if (linesOf(entry.evidence).length) found.evidence = linesOf(entry.evidence);
    if (entry.responsible.trim()) found.responsible = entry.responsible.trim();
    const ticked = Object.entries(entry.ticked).filter(([, numbers]) => numbers.length);
    if (ticked.length) found.accepted = Object.fromEntries(ticked);
    const keys = Object.keys(found);
    return keys.length === 1 && keys[0] === "level" ? found.level : found;
  };

  const toJson = (state) => {
    const levels = {};
    state.entries.forEach((entry, at) => {
      const found = entryJson(entry);
      if (typeof found !== "object" || Object.keys(found).length) levels[codes[at]] = found;
    });
    const head = {};
    for (const key of HEAD) {
      const value = (state.head[key] || "").trim();
      if (value) head[key] = key === "year" ? number(value) : value;
    }
    head.instrument = sheet.name;
    if (state.note) head.note = state.note;
    const lines = Object.entries({ ...head }).map(
      ([key, value]) => "  " + JSON.stringify(key) + ": " + JSON.stringify(value));
    const rows = codes.filter((code) => code in levels).map(
      (code) => "    " + JSON.stringify(code) + ": " + JSON.stringify(levels[code]));
    lines.push('  "levels": {\n' + rows.join(",\n") + "\n  }");
    return "{\n" + lines.join(",\n") + "\n}\n";
  };

  const cell = (text, separator) =>
    /["\n\r]/.test(text) || text.includes(separator) ? '"' + text.replaceAll('"', '""') + '"' : text;
  const plain = (text) => (/^[=+\-@]/.test(text) ? " " + text : text);

  const toCsv = (state, names, said, separator) => {
    const head = HEAD.map((key) => {
      const value = (state.head[key] || "").trim();
      return [said[key] + ":" + (value ? " " + value : "")];
    });
    head.push([said.instrument + ": " + sheet.name]);
    const titles = ["code", "name", "level", "note", "evidence", "responsible"];
    const rows = state.entries.map((entry, at) => {
      const step = levelOf(entry, at);
      const level = step === null ? "" : levelText(step, said.decimal);
      const texts = [names[at], level, entry.note, linesOf(entry.evidence).join("\n"), entry.responsible];
      return [codes[at], ...texts.map((text) => plain(text.trim()))];
    });
    return "\ufeff" + [...head, [], titles.map((key) => said[key]), ...rows]
      .map((row) => row.map((text) => cell(text, separator)).join(separator) + "\r\n").join("");
  };

  const yearOf = (value) => {
    const text = String(value).trim();
    if (!/^2[0-9]{3}$/.test(text)) throw new Refused("wrong_year", { found: text });
    return text;
  };

  const checkInstrument = (name, year) => {
    if (name) {
      const last = (path) => path.split(/[\\/]/).pop();
      if (name !== sheet.id && last(name) !== last(sheet.name)) {
        throw new Refused("other_instrument", { found: name });
      }
    } else if (year) {
      const [from, to] = sheet.years;
      if ((from && year < from) || (to && year > to)) throw new Refused("year_outside");
    }
  };

  // Where an indicator stands, by its code or a further one that the field has for it.
  const placeOf = (code) => {
    const text = code.trim();
    const at = codes.indexOf(text);
    return at < 0 && Object.hasOwn(sheet.also, text) ? sheet.also[text] : at;
  };

  const put = (state, seen, code, texts) => {
    const at = placeOf(code);
    if (at < 0) throw new Refused("unknown", { found: code });
    if (seen.has(at)) throw new Refused("repeated", { found: code });
    seen.add(at);
    const entry = { ...blank(), ...texts };
    const level = texts.level === undefined || texts.level === null ? "" : String(texts.level).trim();
    delete entry.level;
    if (level) {
      entry.step = stepOf(level);
      if (entry.step < 0) throw new Refused("wrong_level", { code, found: level });
    }
    state.entries[at] = entry;
    return at;
  };

  const tickedOf = (accepted, at) => {
    const ticked = {};
    for (const [text, given] of Object.entries(accepted || {})) {
      const step = stepOf(text);
      const level = step < 0 ? text : levelText(step);
      const pieces = piecesAt(at, level).length;
      const every = Array.from({ length: pieces }, (_, place) => place + 1);
      const word = typeof given === "string" ? given.trim().toLowerCase() : "";
      const numbers = ["all", "semua"].includes(word) ? every
        : given === null || ["none", "tidak ada"].includes(word) || given === "" ? []
        : Array.isArray(given) ? given.map(Number) : [0];
      const isRight = pieces && new Set(numbers).size === numbers.length
        && numbers.every((each) => every.includes(each));
      if (!isRight) throw new Refused("wrong_evidence", { code: codes[at], found: text + ": " + given });
      if (numbers.length) ticked[level] = numbers;
    }
    return ticked;
  };

  const putHead = (state, key, value) => {
    if (value === null || value === undefined || value === "") return;
    const text = key === "year" ? yearOf(value) : String(value).trim();
    if (key === "stage" && !sheet.stages.includes(text)) throw new Refused("wrong_stage", { found: text });
    state.head[key] = text;
  };

  // A key that stands twice in one object: JSON.parse would take the last in silence.
  const repeatedKey = (text) => {
    const open = [];
    for (const [token, , colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g)) {
      if (token === "{") open.push(new Set());
      else if (token === "}") open.pop();
      else if (colon) {
        const key = JSON.parse(token.slice(0, -colon.length));
        const keys = open[open.length - 1];
        if (keys.has(key)) return key;
        keys.add(key);
      }
    }
    return null;
  };

  const fromJson = (text) => {
    const found = JSON.parse(text);
    const repeated = repeatedKey(text);
    if (repeated !== null) throw new Refused("repeated_key", { found: repeated });
    const state = empty();
    if (!found || typeof found !== "object" || Array.isArray(found)) throw new Refused("no_sheet");
    if (found.stages) throw new Refused("stages");
    if (!found.levels || typeof found.levels !== "object") throw new Refused("no_sheet");
    for (const [key, value] of Object.entries(found)) {
      if (HEAD.includes(key)) putHead(state, key, value);
      else if (key === "note") state.note = String(value || "");
      else if (!["levels", "instrument"].includes(key)) throw new Refused("wrong_key", { found: key });
    }
    checkInstrument(found.instrument, state.head.year);
    const seen = new Set();
    for (const [code, given] of Object.entries(found.levels)) {
      const detail = given && typeof given === "object" ? given : { level: given };
      const { accepted, evidence, ...rest } = detail;
      for (const key of Object.keys(rest)) {
        if (key !== "level" && !DETAILS.includes(key)) throw new Refused("wrong_key", { found: key });
        if (rest[key] === null) delete rest[key];
      }
      const lines = Array.isArray(evidence) ? evidence : evidence ? [evidence] : [];
      const at = put(state, seen, code, { ...rest, evidence: lines.join("\n") });
      state.entries[at].ticked = tickedOf(accepted, at);
    }
    return state;
  };

  const cellsOf = (text, separator) => {
    const rows = [[]];
    let cellText = "";
    for (let at = 0; at < text.length;) {
      if (text[at] === '"' && cellText === "") {
        let end = at + 1;
        while (end < text.length && (text[end] !== '"' || text[end + 1] === '"')) {
          end += text[end] === '"' ? 2 : 1;
        }
        cellText = text.slice(at + 1, end).replaceAll('""', '"');
        at = end + 1;
      } else if (text[at] === separator || text[at] === "\n") {
        rows[rows.length - 1].push(cellText.trim());
        if (text[at] === "\n") rows.push([]);
        cellText = "";
        at += 1;
      } else {
        cellText += text[at];
        at += 1;
      }
    }
    rows[rows.length - 1].push(cellText.trim());
    return rows;
  };

  const folded = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

  // `words` are those of both languages: a sheet is read whatever language it was written in.
  // A number beside the name of another indicator is refused, as by the commands.
  const fromCsv = (text, words, names) => {
    const named = names.map(folded);
    const meant = (keys, found) => keys.find((key) => key === found.toLowerCase()
      || words.some((said) => said[key].toLowerCase() === found.toLowerCase()));
    const columns = ["code", "name", "level", "note", "evidence", "responsible"];
    const content = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
    for (const separator of [";", ",", "\t"]) {
      const rows = cellsOf(content, separator);
      const top = rows.findIndex((row) => {
        const keys = row.map((each) => meant(columns, each));
        return keys.includes("code") && keys.includes("level");
      });
      if (top < 0) continue;
      const state = empty();
      let name = "";
      for (const row of rows.slice(0, top)) {
        const [label, ...rest] = row[0].split(":");
        const value = rest.length ? rest.join(":").trim() : row[1] || "";
        const key = meant([...HEAD, "instrument"], label.trim());
        if (key === "instrument") name = value;
        else if (key === "stage") putHead(state, key, value && (sheet.stages.find((stage) =>
          meant(["stage " + stage], value) || value.toLowerCase() === stage) || value));
        else if (key) putHead(state, key, value);
        else if (row.some(Boolean)) throw new Refused("wrong_key", { found: row.join(" ") });
      }
      checkInstrument(name, state.head.year);
      const keys = rows[top].map((each) => meant(columns, each) || each);
      const seen = new Set();
      for (const row of rows.slice(top + 1)) {
        if (!row.some(Boolean)) continue;
        const texts = {};
        row.forEach((each, place) => { if (each) texts[keys[place] || each] = each; });
        const { code, name: called, ...rest } = texts;
        const other = Object.keys(rest).find((key) => !columns.includes(key));
        if (other) throw new Refused("wrong_key", { found: other });
        const at = put(state, seen, code || "", rest);
        const isOther = called && named[at] !== folded(called) && named.includes(folded(called));
        if (isOther) throw new Refused("other_name", { code, found: called });
      }
      return state;
    }
    throw new Refused("no_sheet");
  };

  const read = (text, words, names) => {
    if (!/^[\ufeff\s]*\{/.test(text)) return fromCsv(text, words, names);
    try {
      return fromJson(text.replace(/^\ufeff/, ""));
    } catch (error) {
      throw error instanceof Refused ? error : new Refused("no_sheet");
    }
  };

  return { HEAD, full, levelText, stepOf, carried, levelOf, empty, toJson, toCsv, read, linesOf };
};
