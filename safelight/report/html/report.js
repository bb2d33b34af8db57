'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  // In the order of review, so that the item of rank n is items[n - 1].
  const items = data.items;
  const T = data.tables;
  const ROW = 32;
  // The places of a row's values; the writer is html_items.cpp.
  const ID = 0, PATH = 1, SOURCE = 2, KIND = 3, COVERAGE = 4, FORMAT = 5, MEDIA = 6, SIZE = 7, WIDTH = 8, HEIGHT = 9,
        SHA256 = 10, SHA1 = 11, MD5 = 12, PDQ = 13, TIMES = 14, ERROR = 15, FINDINGS = 16, HITS = 17, GROUPS = 18,
        PARENT = 19, REVISION = 20, STATE = 21, RANK = 22, CLASS = 23, REASON = 24, LEAD = 25, ORIGIN = 26, REVIEW = 27;
  // The same of a finding, evidence of origin first, and of what stands at ORIGIN.
  const F_KIND = 0, F_GRADE = 1, F_STATEMENT = 2, F_PLACE = 3, F_OFFSET = 4, F_LENGTH = 5, F_FIELDS = 6;
  const O_SCOPE = 0, O_CAMERA = 1, O_SYNTHESIS = 2;
  // The same of what stands at REVIEW (html_review.cpp), and its bits of state.
  const R_CATEGORY = 0, R_BY = 1, R_AT = 2, R_STATE = 3, R_OTHERS = 4, R_FLAGS = 5, R_NOTES = 6, R_SHOWN = 7;
  const CONFLICT = 1, SETTLED = 2, LOOK_WANTED = 4, LOOK_DONE = 8, PASSED = 16;
  const S_REVEALS = 0, S_MS = 1, S_UNKNOWN = 2, S_PEOPLE = 3, S_FIRST = 4, S_LAST = 5, S_RENDITIONS = 6;
  // The same of a group.
  const G_NEAR = 0, G_MODE = 1, G_ITEMS = 2, G_BITS = 3, G_SHOWN = 4, G_CENTRE = 5;
  const COVERAGES = ['full', 'partial', 'none'];
  const COVERAGE_WORDS = ['examined in full', 'examined in part', 'not examined'];
  const DISPOSITIONS = ['ordinary', 'unknown', 'review', 'known'];
  const MATCHES = ['md5', 'sha1', 'sha256', 'pdq'];
  items.sort((a, b) => a[RANK] - b[RANK]);
  const $ = (id) => document.getElementById(id);

  const el = (name, properties, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(properties || {})) {
      if (key === 'class') node.className = value;
      else if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
      else node.setAttribute(key, value);
    }
    node.append(...children.filter((child) => child !== null && child !== ''));
    return node;
  };
  const hex = (text) => {
    if (!text) return '';
    const bytes = atob(text);
    let out = '';
    for (let i = 0; i < bytes.length; ++i) out += bytes.charCodeAt(i).toString(16).padStart(2, '0');
    return out;
  };
  const base64 = (text) => btoa(text.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)))).replace(/=+$/, '');
  const gravest = (row) => {
    let found = -1;
    if (row[HITS]) for (const hit of row[HITS]) found = Math.max(found, hit[2]);
    return found;
  };
  const bytes = (size) => {
    if (size === null) return '';
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    let unit = 0;
    while (size >= 999.5 && unit < 4) { size /= 1000; ++unit; }
    return (unit === 0 || size >= 99.95 ? size.toFixed(0) : size.toFixed(1)) + ' ' + units[unit];
  };
  let zone = data.time_zone;
  try { new Intl.DateTimeFormat('en', {timeZone: zone}); } catch (e) { zone = 'UTC'; }
  const clock = (timeZone) => new Intl.DateTimeFormat('sv-SE', {
    timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit'});
  const clocks = {u: clock(zone), l: clock('UTC')};
  const timeText = (letter, ms) => clocks[letter].format(new Date(ms)) +
      (letter === 'u' ? ' (' + zone + ')' : ' (local time, zone unknown)');

  // A text that often comes again stands in a table.
  const textOf = (table, value) => typeof value === 'number' ? table[value] : value;
  const NOT_LOOKED_FOR = [0, 0, 0];
  const originOf = (row) => row[ORIGIN] || NOT_LOOKED_FOR;
  const FACT = T.grades.indexOf('fact'), CONTRADICTED = T.grades.indexOf('contradicted');
  const isEvidence = (finding) => finding[F_GRADE] !== FACT;

  // Nobody decided it, noted anything or saw it.
  const UNTOUCHED = [-1, 0, 0, 0, [], [], [], 0];
  const reviewOf = (row) => row[REVIEW] || UNTOUCHED;
  const categoryName = (place) => T.categories[place][1] || T.categories[place][0] + ' (not in the scheme)';

  // What is sorted by and searched is computed once.
  const grave = new Int8Array(items.length);
  const lower = new Array(items.length);
  const gradesOf = new Uint8Array(items.length);  // one bit a grade
  for (let i = 0; i < items.length; ++i) {
    grave[i] = gravest(items[i]);
    lower[i] = items[i][PATH].toLowerCase();
    for (const finding of items[i][FINDINGS] || []) if (isEvidence(finding)) gradesOf[i] |= 1 << finding[F_GRADE];
  }
  const byOrder = (a, b) => a - b;
  const byPath = (a, b) => lower[a] < lower[b] ? -1 : lower[a] > lower[b] ? 1 : 0;
  const strength = T.grades.map((_, grade) => (T.grade_order.indexOf(grade) + 7) % 7);
  const byEvidence = (a, b) => strength[originOf(items[a])[O_CAMERA]] - strength[originOf(items[b])[O_CAMERA]] ||
      strength[originOf(items[a])[O_SYNTHESIS]] - strength[originOf(items[b])[O_SYNTHESIS]] ||
      gradesOf[b] - gradesOf[a] || byOrder(a, b);
  const firstGroup = (row) => row[GROUPS] ? row[GROUPS][0][0] : 1e9;
  // The undecided last.
  const inScheme = (row) => reviewOf(row)[R_CATEGORY] < 0 ? T.categories.length : reviewOf(row)[R_CATEGORY];
  const keys = {
    order: byOrder,
    path: byPath,
    class: byOrder,
    decision: (a, b) => inScheme(items[a]) - inScheme(items[b]) || byOrder(a, b),
    origin: byEvidence,
    coverage: (a, b) => items[b][COVERAGE] - items[a][COVERAGE] || byOrder(a, b),
    type: (a, b) => T.formats[items[a][FORMAT]] < T.formats[items[b][FORMAT]] ? -1 :
                    items[a][FORMAT] === items[b][FORMAT] ? byOrder(a, b) : 1,
    size: (a, b) => (items[b][SIZE] || 0) - (items[a][SIZE] || 0) || byOrder(a, b),
    pixels: (a, b) => items[b][WIDTH] * items[b][HEIGHT] - items[a][WIDTH] * items[a][HEIGHT] || byOrder(a, b),
    group: (a, b) => firstGroup(items[a]) - firstGroup(items[b]) || byOrder(a, b),
  };

  let order = 'order', reversed = false, group = 0, category = null, noError = false, shared = null, shown = [], chosen = -1;
  const sorted = {};
  const inOrder = () => {
    if (!sorted[order]) sorted[order] = Uint32Array.from(items, (_, i) => i).sort(keys[order]);
    return sorted[order];
  };

  let byId = null;
  /// The place of the item of that id (base64), -1 where the list does not hold it.
  const placeOf = (id) => {
    if (!byId) byId = new Map(items.map((row, i) => [row[ID], i]));
    return byId.has(id) ? byId.get(id) : -1;
  };

  // A digest, fingerprint or id is found by any beginning of it: six hexadecimal digits are four of base64.
  const digestFilter = (text) => {
    if (!/^[0-9a-f]{6,64}$/.test(text)) return null;
    let start = '';
    for (let i = 0; i + 6 <= text.length; i += 6) {
      start += btoa(String.fromCharCode(...[0, 2, 4].map((at) => parseInt(text.substr(i + at, 2), 16))));
    }
    const is = (value) => value && value.startsWith(start) && hex(value).startsWith(text);
    return (row) => is(row[SHA256]) || is(row[SHA1]) || is(row[MD5]) || is(row[ID]) ||
        (row[PDQ] && row[PDQ].some((hash) => is(hash[2])));
  };

  const groupName = (number) => {
    const entry = data.groups[number - 1];
    return (entry[G_NEAR] ? 'near ' : 'exact ') + number;
  };
  const originFits = {
    camera: (origin) => origin[O_CAMERA] !== FACT,
    synthesis: (origin) => origin[O_SYNTHESIS] !== FACT,
    both: (origin) => origin[O_CAMERA] !== FACT && origin[O_SYNTHESIS] !== FACT,
    nothing: (origin, grades) => origin[O_SCOPE] !== 0 && grades === 0,
    'not-looked-for': (origin) => origin[O_SCOPE] === 0,
  };
  const decisionFits = {
    undecided: (review) => review[R_CATEGORY] < 0,
    conflict: (review) => review[R_STATE] & CONFLICT,
    'second-look': (review) => review[R_STATE] & LOOK_WANTED,
    'second-done': (review) => review[R_STATE] & LOOK_DONE,
    settled: (review) => review[R_STATE] & SETTLED,
    passed: (review) => review[R_STATE] & PASSED,
    flagged: (review) => review[R_FLAGS].length,
    notes: (review) => review[R_NOTES].length,
  };
  // Where marks of generators carry a value; the kinds are those that the report compares.
  const carries = (row, name, value) => (row[FINDINGS] || []).some((finding) => {
    const fields = finding[F_FIELDS] || [];
    if (!/^(generator_mark|declared_origin)$/.test(T.findings[finding[F_KIND]])) return false;
    for (let i = 0; i < fields.length; i += 2) {
      if (textOf(T.names, fields[i]) === name && textOf(T.values, fields[i + 1]) === value) return true;
    }
    return false;
  });
  const apply = () => {
    const words = $('search').value.toLowerCase().trim();
    const digest = digestFilter(words);
    const hit = $('hit').value, list = $('list').value, coverage = $('coverage').value, type = $('type').value,
          finding = $('finding').value, source = $('source').value, why = $('class').value,
          leads = $('leads').value, error = $('error').value, origin = $('origin').value, grade = $('grade').value,
          decision = $('decision').value, opened = $('opened').value;
    const wanted = (i) => {
      const row = items[i];
      if (words && !lower[i].includes(words) && !(digest && digest(row))) return false;
      if (why !== '' && row[CLASS] !== Number(why)) return false;
      if (leads !== '' && row[LEAD]) return false;
      if (decision !== '' && !(decisionFits[decision] ? decisionFits[decision](reviewOf(row)) :
          reviewOf(row)[R_CATEGORY] === Number(decision))) return false;
      if (opened !== '' && (opened === 'yes') !== Boolean(reviewOf(row)[R_SHOWN])) return false;
      if (noError && (row[COVERAGE] === 0 || row[ERROR])) return false;
      if (error !== '' && !(row[COVERAGE] && row[ERROR] && row[ERROR][0] === Number(error))) return false;
      if (hit !== '' && grave[i] !== Number(hit)) return false;
      if (list !== '' && !(row[HITS] && row[HITS].some((h) => h[0] === Number(list) &&
          (category === null || h[1] === category)))) return false;
      if (coverage !== '' && (coverage === 'gap' ? row[COVERAGE] === 0 : row[COVERAGE] !== Number(coverage))) return false;
      if (type !== '' && row[FORMAT] !== Number(type)) return false;
      if (origin !== '' && !originFits[origin](originOf(row), gradesOf[i])) return false;
      if (grade !== '' && !(gradesOf[i] & 1 << Number(grade))) return false;
      if (shared && !carries(row, shared.kind, shared.value)) return false;
      if (source !== '' && row[SOURCE] !== Number(source)) return false;
      if (finding !== '' && !(row[FINDINGS] && row[FINDINGS].some((f) => f[F_KIND] === Number(finding)))) return false;
      return !group || (row[GROUPS] && row[GROUPS].some((g) => g[0] === group));
    };
    shown = [];
    for (const i of inOrder()) if (wanted(i)) shown.push(i);
    if (reversed) shown.reverse();
    let text = shown.length.toLocaleString('en') + ' of ' + items.length.toLocaleString('en') + ' items';
    if (group) text += ', ' + groupName(group) + ' only';
    if (category !== null) text += ', category ' + (category || 'none') + ' only';
    if (noError) text += ', without a single reason only';
    if (shared) text += ', ' + shared.kind + ' ' + shared.value + ' only';
    $('count').textContent = text;
    $('grid').setAttribute('aria-rowcount', shown.length + 1);
    $('widen').hidden = !group && category === null && !noError && !shared;
    $('space').style.height = shown.length * ROW + 'px';
    $('window').scrollTop = 0;
    draw();
  };

  const pathCell = (row) => {
    const path = row[PATH];
    const cut = path.lastIndexOf('/', path.search(/[!#]/) < 0 ? path.length : path.search(/[!#]/)) + 1;
    return el('span', {class: 'path', role: 'gridcell', title: path}, el('span', {class: 'dir'}, path.slice(0, cut)),
              el('span', {class: 'name'}, path.slice(cut)));
  };
  const tag = (name, text) => el('span', {class: 'tag ' + name}, text || name);
  const reasonOf = (row) => row[REASON].map((sentence) => textOf(T.reasons, sentence)).join(' ');
  const classTag = (row) => tag(T.classes[row[CLASS]], T.class_words[row[CLASS]]);
  const SIDES = [['camera', O_CAMERA], ['synthesis', O_SYNTHESIS]];
  /// What speaks for what, with its grade; or the grades alone, where the evidence speaks for neither.
  const originTags = (i) => {
    const tags = SIDES.filter(([, side]) => originOf(items[i])[side] !== FACT).map(([name]) => tag(name));
    if (gradesOf[i] & 1 << CONTRADICTED) tags.unshift(tag('contradicted'));
    if (tags.length) return tags;
    const strongest = T.grade_order.find((grade) => gradesOf[i] & 1 << grade);
    return strongest === undefined ? [] : [tag(T.grades[strongest])];
  };
  const counted = (number, one, many) => number.toLocaleString('en') + ' ' + (number === 1 ? one : many);
  /// How often, by how many and for how long an item was opened: never by whom.
  const openedText = (row) => {
    const s = reviewOf(row)[R_SHOWN];
    if (!s) return 'not opened';
    const tenths = Math.round(s[S_MS] / 100);
    const seconds = tenths ? counted(tenths / 10, 'second', 'seconds') : 'under 0.1 seconds';
    const known = s[S_REVEALS] > s[S_UNKNOWN] ? ', ' + seconds : '';
    return 'opened by ' + counted(s[S_PEOPLE], 'person', 'people') + known +
        (s[S_UNKNOWN] ? ', of ' + counted(s[S_UNKNOWN], 'time', 'times') + ' it is not known how long' : '');
  };
  const stateTags = (row) => {
    const state = reviewOf(row)[R_STATE];
    if (state & CONFLICT) return [tag('contradicted', 'conflict')];
    return state & LOOK_WANTED ? [tag('review', 'second look')] : [];
  };
  const decisionTags = (row) => {
    const category = reviewOf(row)[R_CATEGORY];
    if (category < 0) return [el('span', {class: 'faint'}, 'undecided')];
    return [...stateTags(row), tag('c-' + T.categories[category][2], categoryName(category))];
  };
  const decisionText = (row) => {
    const review = reviewOf(row), state = review[R_STATE];
    return (review[R_CATEGORY] < 0 ? 'undecided' : categoryName(review[R_CATEGORY])) +
        (state & CONFLICT ? ', conflict' : state & LOOK_WANTED ? ', second look wanted' : '') + '; ' + openedText(row);
  };
  const cell = (properties, ...children) => el('span', {role: 'gridcell', ...properties}, ...children);
  const line = (index, place) => {
    const row = items[index];
    const follows = row[LEAD] && order === 'order' && !reversed;
    const node = el('div', {class: 'row line' + (index === chosen ? ' chosen' : '') + (follows ? ' follows' : ''),
                            role: 'row', id: 'line-' + index, 'aria-rowindex': place + 2,
                            'aria-selected': index === chosen, onclick: () => choose(index)},
      cell({class: 'n faint'}, row[RANK].toLocaleString('en')),
      pathCell(row),
      cell({title: reasonOf(row)}, classTag(row)),
      T.review_begun ? cell({class: 'decision', title: decisionText(row)}, ...decisionTags(row)) : null,
      cell({class: 'tags'}, ...originTags(index)),
      row[COVERAGE] ? cell({}, tag(COVERAGES[row[COVERAGE]], row[COVERAGE] === 1 ? 'in part' : 'not')) :
                      cell({class: 'faint'}, 'in full'),
      cell({}, T.formats[row[FORMAT]] || '?'),
      cell({class: 'n'}, bytes(row[SIZE])),
      cell({class: 'n'}, row[WIDTH] ? row[WIDTH] + ' × ' + row[HEIGHT] : ''),
      cell({}, (row[GROUPS] || []).map(([number]) => groupName(number)).join(', ')));
    node.style.top = place * ROW + 'px';
    return node;
  };
  const draw = () => {
    const frame = $('window');
    const first = Math.max(0, Math.floor(frame.scrollTop / ROW) - 8);
    const last = Math.min(shown.length, first + Math.ceil(frame.clientHeight / ROW) + 16);
    const lines = [];
    for (let place = first; place < last; ++place) lines.push(line(shown[place], place));
    if (shown.length === 0) lines.push(el('p', {class: 'faint nothing'}, 'No item fits these filters.'));
    $('space').replaceChildren(...lines);
    // The head stands over the columns, whatever the width of the scroll bar.
    $('head').style.paddingRight = 14 + frame.offsetWidth - frame.clientWidth + 'px';
  };

  const facts = (pairs) => el('dl', {class: 'facts'}, ...pairs.filter(([, value]) => value !== '' && value !== null)
    .flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
  const mono = (text) => text ? el('span', {class: 'mono'}, text) : '';
  const place = (kind, offset, length) => kind === 0 ? '' :
      (kind === 1 ? ' at byte ' : ' after about ') + offset.toLocaleString('en') +
      (kind === 2 ? ' bytes' : '') + (length ? ', ' + length.toLocaleString('en') + ' bytes long' : '');
  const hitText = (hit) => {
    let text = ' entry ' + hit[7] + ', category ' + (hit[1] === '' ? 'none' : hit[1]) + ', by ' + MATCHES[hit[3]];
    if (hit[3] === 3) text += ' at ' + hit[4] + ' bits (' + T.orientations[hit[5]] + ', ' + T.modes[hit[6]] + ')';
    if (hit[8]) text += ', record ' + hit[8].toLocaleString('en');
    if (hit[9]) text += hit[9] === 2 ? ', victim identified' : ', victim not identified';
    return text;
  };
  const itemLink = (index) => el('button', {class: 'linkish', onclick: () => show(index)}, items[index][PATH]);
  const fieldLines = (fields) => {
    const pairs = [];
    for (let i = 0; i < fields.length; i += 2) pairs.push([textOf(T.names, fields[i]), textOf(T.values, fields[i + 1])]);
    return pairs.length ? [facts(pairs)] : [];
  };
  const findingNode = (f) => {
    const at = f[F_PLACE] ? ',' + place(f[F_PLACE], f[F_OFFSET], f[F_LENGTH]) : '';
    return el('li', {}, textOf(T.statements, f[F_STATEMENT]) + ' ',
      el('span', {class: 'faint'}, T.findings[f[F_KIND]] + at), ...fieldLines(f[F_FIELDS] || []));
  };
  /// The evidence of origin by grade, with what each grade means, and how far it was looked for.
  const originNodes = (row, evidence) => {
    const nodes = [el('h3', {}, 'Evidence of origin')];
    for (const grade of T.grade_order) {
      const list = evidence.filter((f) => f[F_GRADE] === grade);
      if (list.length === 0) continue;
      nodes.push(el('p', {class: 'grade'}, tag(T.grades[grade]), ' ', el('span', {class: 'faint'}, T.grade_words[grade])),
        el('ul', {}, ...list.map(findingNode)));
    }
    const words = T.search_words[originOf(row)[O_SCOPE]][evidence.length ? 2 : row[COVERAGE] ? 1 : 0];
    if (words) nodes.push(el('p', {class: 'faint'}, words));
    return nodes;
  };
  /// What people decided of it, noted and were shown.
  const reviewNodes = (row) => {
    const review = reviewOf(row), state = review[R_STATE], category = review[R_CATEGORY];
    const said = (by, at) => ' by ' + T.persons[by] + ', ' + timeText('u', at);
    const nodes = [el('h3', {}, 'Review')];
    if (!T.review_begun) {
      return [...nodes, el('p', {class: 'faint'}, 'Not begun: nobody has decided anything in this case.')];
    }
    nodes.push(el('p', {class: 'tags'}, ...decisionTags(row), category < 0 ? '' :
      el('span', {class: 'faint'}, said(review[R_BY], review[R_AT])), state & SETTLED ? ', settled' : '',
      state & LOOK_WANTED ? ', second look wanted' : state & LOOK_DONE ? ', second look done' : '',
      state & PASSED ? ' Passed on.' : ''));
    if (category < 0) nodes.push(el('p', {class: 'faint'}, 'What is not decided is not cleared.'));
    if (review[R_OTHERS].length) {
      nodes.push(el('ul', {}, ...review[R_OTHERS].map(([other, by, at]) => el('li', {},
        other === category ? 'The same' : categoryName(other), el('span', {class: 'faint'}, said(by, at))))));
    }
    const flags = review[R_FLAGS].map((flag) => T.flags[flag]).join(', ');
    if (flags) nodes.push(el('p', {}, 'Flags: ' + flags + '.'));
    if (review[R_NOTES].length) {
      nodes.push(el('ul', {}, ...review[R_NOTES].map(([text, by, at]) => el('li', {},
        el('span', {class: 'written'}, text), el('span', {class: 'faint'}, ' Note' + said(by, at))))));
    }
    const s = review[R_SHOWN], opened = openedText(row);
    nodes.push(el('p', {}, opened[0].toUpperCase() + opened.slice(1) + '.', s ? el('span', {class: 'faint'}, ' ' +
      s[S_RENDITIONS].map((reveals, i) => reveals ? T.renditions[i] + ' ' + counted(reveals, 'time', 'times') : '')
        .filter((text) => text).join(', ') + '; ' + (s[S_FIRST] === s[S_LAST] ? '' : 'first ' + timeText('u', s[S_FIRST]) +
        ', last ') + timeText('u', s[S_LAST]) + '.') : ''));
    return nodes;
  };
  // The items that reasons name by their ids become links to them.
  const reasonText = (row) => reasonOf(row).split(/\b([0-9a-f]{64})\b/).map((part, i) => {
    const index = i % 2 ? placeOf(base64(part)) : -1;
    return index < 0 ? part : itemLink(index);
  });
  const groupLink = (number, text) => el('button', {class: 'linkish', onclick: () => showGroup(number)}, text);

  const parent = (row) => {
    if (!row[PARENT]) return '';
    const index = placeOf(row[PARENT]);
    return index < 0 ? mono(hex(row[PARENT])) : itemLink(index);
  };
  const detail = (row) => {
    const hits = row[HITS] || [], findings = row[FINDINGS] || [], times = row[TIMES] || [''];
    const names = ['Modified', 'Changed', 'Accessed', 'Created', 'In container'];
    const nodes = [
      el('button', {class: 'close', onclick: () => choose(-1), 'aria-label': 'Close'}, 'Close'),
      el('h2', {}, row[PATH]),
      el('p', {}, classTag(row), ' ', ...T.classes[row[CLASS]].endsWith('_examined') ? [] :
         [tag(COVERAGES[row[COVERAGE]] === 'full' ? '' : COVERAGES[row[COVERAGE]], COVERAGE_WORDS[row[COVERAGE]])]),
      el('p', {}, el('b', {}, 'No. ' + row[RANK].toLocaleString('en') + '. '), ...reasonText(row)),
    ];
    if (row[LEAD]) {
      nodes.push(el('p', {}, 'Shown with ', itemLink(row[LEAD] - 1), ', which stands for it.'));
    } else {
      let last = row[RANK];
      while (last < items.length && items[last][LEAD] === row[RANK]) ++last;
      const others = last - row[RANK];
      if (others) nodes.push(el('p', {}, 'Stands for ' + others.toLocaleString('en') +
        (others === 1 ? ' item that follows.' : ' items that follow.')));
    }
    if (row[ERROR]) {
      nodes.push(el('div', {class: 'note warn'}, el('p', {}, (row[COVERAGE] === 2 ? 'Not examined: ' : 'Partly examined: ') +
        T.error_words[row[ERROR][0]]), el('p', {class: 'faint'}, T.errors[row[ERROR][0]] + ', rule ' + row[ERROR][1] +
        place(row[ERROR][2], row[ERROR][3], 0) + '.')));
    }
    if (row[STATE] === 0) nodes.push(el('div', {class: 'note warn'}, el('p', {}, 'The scan of this item was not finished.')));
    nodes.push(...reviewNodes(row));
    nodes.push(el('h3', {}, 'Hits'));
    nodes.push(hits.length ? el('ul', {}, ...hits.map((hit) => el('li', {}, tag(DISPOSITIONS[hit[2]]), ' ',
      el('b', {}, T.lists[hit[0]]), hitText(hit)))) : el('p', {class: 'faint'}, 'None in the lists that were used.'));
    nodes.push(...originNodes(row, findings.filter(isEvidence)));
    const others = findings.filter((f) => !isEvidence(f));
    nodes.push(el('h3', {}, 'Facts'));
    nodes.push(others.length ? el('ul', {}, ...others.map(findingNode)) :
      el('p', {class: 'faint'}, row[COVERAGE] === 2 ? 'None: nothing was examined.' : 'None.'));
    nodes.push(el('h3', {}, 'File'), facts([
      ['Type', (T.formats[row[FORMAT]] || 'not known') + (T.media[row[MEDIA]] ? ' (' + T.media[row[MEDIA]] + ')' : '')],
      ['Kind', row[KIND] ? T.kinds[row[KIND]].replace('_', ' ') : ''],
      ['Size', row[SIZE] === null ? '' : row[SIZE].toLocaleString('en') + ' bytes'],
      ['Picture', row[WIDTH] ? row[WIDTH] + ' × ' + row[HEIGHT] + ' pixels' : ''],
      ...names.map((name, i) => [name, times[0][i] && times[0][i] !== '-' ? timeText(times[0][i], times[i + 1]) : '']),
      ['Source', T.sources[row[SOURCE]]],
      ['Revision', row[REVISION] > 1 ? String(row[REVISION]) : ''],
      ['Inside of', parent(row)],
      ...(row[GROUPS] || []).map(([number, bits]) => {
        const entry = data.groups[number - 1];
        const what = entry[G_NEAR] ? ', ' + (entry[G_CENTRE] === row[RANK] ? 'its centre' : bits + ' bits from its centre') +
            ', PDQ mode ' + T.modes[entry[G_MODE]] : ', the same bytes';
        return ['Group', el('span', {}, groupLink(number, groupName(number)), what)];
      }),
    ]));
    nodes.push(el('h3', {}, 'Identity'), facts([
      ['SHA-256', mono(hex(row[SHA256]))], ['SHA-1', mono(hex(row[SHA1]))], ['MD5', mono(hex(row[MD5]))],
      ...(row[PDQ] || []).map((hash) => ['PDQ ' + T.modes[hash[0]], el('span', {}, mono(hex(hash[2])),
        ' quality ' + hash[1])]),
      ['Item', mono(hex(row[ID]))],
    ]));
    return nodes;
  };
  const choose = (index) => {
    chosen = index;
    $('detail').hidden = index < 0;
    $('work').classList.toggle('open', index >= 0);
    if (index >= 0) {
      $('detail').replaceChildren(...detail(items[index]));
      $('detail').scrollTop = 0;
    }
    if (index >= 0) $('grid').setAttribute('aria-activedescendant', 'line-' + index);
    else $('grid').removeAttribute('aria-activedescendant');
    draw();
  };
  const bringIntoView = (at) => {
    const frame = $('window'), top = at * ROW;
    if (top < frame.scrollTop) frame.scrollTop = top;
    if (top + ROW > frame.scrollTop + frame.clientHeight) frame.scrollTop = top + ROW - frame.clientHeight;
  };
  // Shows an item, without the filters if they hide it.
  const show = (index) => {
    if (!shown.includes(index)) {
      clear();
      apply();
    }
    bringIntoView(shown.indexOf(index));
    choose(index);
  };
  const FILTERS = ['search', 'class', 'leads', 'hit', 'list', 'coverage', 'error', 'type', 'finding', 'source', 'origin',
    'grade', 'decision', 'opened'];
  const clear = () => {
    for (const id of FILTERS) $(id).value = '';
    group = 0;
    category = null;
    noError = false;
    shared = null;
  };
  const showGroup = (number) => {
    clear();
    group = number;
    apply();
    $('items').scrollIntoView();
  };

  const options = (id, names, every) => {
    const values = names.map((name, i) => [name, i]).filter(([name]) => name !== '').sort((a, b) => a[0] < b[0] ? -1 : 1);
    $(id).append(el('option', {value: ''}, every), ...values.map(([name, i]) => el('option', {value: i}, name)));
    $(id).parentElement.hidden = values.length === 0;
  };
  const classes = new Set(items.map((row) => row[CLASS]));
  $('class').append(el('option', {value: ''}, 'any'), ...T.class_words.map((words, i) => [words, i])
    .filter(([, i]) => classes.has(i)).map(([words, i]) => el('option', {value: i}, words)));
  options('list', T.lists, 'any');
  options('error', T.errors, 'any');
  options('type', T.formats, 'any');
  options('finding', T.findings, 'any');
  options('source', T.sources, 'any');
  const graded = gradesOf.reduce((all, grades) => all | grades, 0);
  $('grade').append(el('option', {value: ''}, 'any'), ...T.grade_order.filter((grade) => graded & 1 << grade)
    .map((grade) => el('option', {value: grade}, T.grades[grade])));
  if (!graded) $('grade').parentElement.hidden = true;
  $('origin').parentElement.hidden = !graded && items.every((row) => !row[ORIGIN]);
  for (const id of ['decision', 'opened']) $(id).parentElement.hidden = !T.review_begun;
  if (T.sources.length < 2) $('source').parentElement.hidden = true;
  for (const id of FILTERS.slice(1)) {
    $(id).addEventListener('change', () => { if (id === 'list') category = null; apply(); });
  }
  let waiting = 0;
  $('search').addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(apply, 150); });
  $('widen').addEventListener('click', () => { group = 0; category = null; noError = false; shared = null; apply(); });
  $('reset').addEventListener('click', () => {
    clear(); order = 'order'; reversed = false; marks(); apply();
  });
  const marks = () => {
    for (const button of document.querySelectorAll('.headrow button')) {
      const is = button.dataset.key === order;
      button.textContent = button.dataset.name + (is ? reversed ? ' ▴' : ' ▾' : '');
      const head = button.parentElement;
      if (is) head.setAttribute('aria-sort', reversed ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
  };
  for (const button of document.querySelectorAll('.headrow button')) {
    button.dataset.name = button.textContent;
    button.addEventListener('click', () => {
      reversed = order === button.dataset.key && !reversed;
      order = button.dataset.key;
      marks(); apply();
    });
  }
  for (const button of document.querySelectorAll('button[data-show]')) {
    button.addEventListener('click', () => {
      const id = button.dataset.show, value = button.dataset.value;
      clear();
      const table = {list: T.lists, finding: T.findings, type: T.formats, error: T.errors, class: T.classes, grade: T.grades}[id];
      noError = button.dataset.none === '1';
      if (id === 'shared') shared = {kind: button.dataset.kind, value};
      else $(id).value = noError ? '' : String(table ? table.indexOf(value) : value);
      $('leads').value = button.dataset.leads ?? '';
      category = button.dataset.category ?? null;
      apply();
      $('items').scrollIntoView();
    });
  }

  // The largest of each kind and mode.
  const most = 200, ofKind = {};
  const largest = data.groups.map((entry, i) => [i + 1, entry]).filter(([, entry]) => {
    const kind = entry[G_NEAR] + ' ' + entry[G_MODE];
    ofKind[kind] = (ofKind[kind] || 0) + 1;
    return ofKind[kind] <= most;
  });
  if ($('group-rows')) {
    $('group-rows').append(...largest.map(([number, entry]) => {
      const first = items[entry[G_SHOWN] - 1];
      return el('tr', {}, el('td', {class: 'when'}, groupName(number),
          entry[G_NEAR] ? el('span', {class: 'faint'}, ' ' + T.modes[entry[G_MODE]]) : ''),
        el('td', {}, first ? first[PATH] : ''), el('td', {class: 'n'}, entry[G_NEAR] ? entry[G_BITS] + ' bits' : ''),
        el('td', {class: 'n'}, groupLink(number, entry[G_ITEMS].toLocaleString('en'))));
    }));
    $('group-more').textContent = largest.length < data.groups.length ? 'The ' + most + ' largest of each kind, of ' +
        data.groups.length.toLocaleString('en') + ' groups in all; every item names its own.' : '';
  }

  // What is printed: the items that the filters leave, as far as paper is worth it.
  const onPaper = 500;
  window.addEventListener('beforeprint', () => {
    $('paper-count').textContent = $('count').textContent + (shown.length > onPaper ?
        '; the first ' + onPaper + ' of them are printed, the CSV report lists all' : '') + '.';
    $('paper-rows').replaceChildren(...shown.slice(0, onPaper).map((index) => {
      const row = items[index];
      return el('tr', {}, el('td', {class: 'n'}, row[RANK].toLocaleString('en')), el('td', {}, row[PATH]),
                T.review_begun ? el('td', {}, decisionText(row)) : null,
                el('td', {}, classTag(row), ' ', ...reasonText(row).map((part) => part.textContent ?? part)));
    }));
  });

  const frame = $('window');
  let drawing = false;
  frame.addEventListener('scroll', () => {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => { drawing = false; draw(); });
  });
  $('grid').addEventListener('keydown', (event) => {
    const step = {ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15}[event.key];
    if (event.key === 'Escape') choose(-1);
    if (!step || shown.length === 0) return;
    event.preventDefault();
    const at = shown.indexOf(chosen);
    const next = Math.min(shown.length - 1, Math.max(0, at < 0 ? Math.round(frame.scrollTop / ROW) : at + step));
    bringIntoView(next);
    choose(shown[next]);
  });
  window.addEventListener('resize', draw);
  marks();
  apply();
})();
