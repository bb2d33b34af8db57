'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const items = data.items;
  const T = data.tables;
  const ROW = 32;
  // The places of a row's values; the writer is html_report.cpp.
  const ID = 0, PATH = 1, SOURCE = 2, KIND = 3, COVERAGE = 4, FORMAT = 5, MEDIA = 6, SIZE = 7, WIDTH = 8, HEIGHT = 9,
        SHA256 = 10, SHA1 = 11, MD5 = 12, PDQ = 13, TIMES = 14, ERROR = 15, FINDINGS = 16, HITS = 17, EXACT = 18,
        NEAR = 19, NEAR_BITS = 20, PARENT = 21, REVISION = 22, STATE = 23;
  const COVERAGES = ['full', 'partial', 'none'];
  const COVERAGE_WORDS = ['fully examined', 'partly examined', 'not examined'];
  const DISPOSITIONS = ['ordinary', 'unknown', 'review', 'known'];
  const MATCHES = ['md5', 'sha1', 'sha256', 'pdq'];
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

  // What is sorted by and searched is computed once.
  const grave = new Int8Array(items.length);
  const lower = new Array(items.length);
  for (let i = 0; i < items.length; ++i) {
    grave[i] = gravest(items[i]);
    lower[i] = items[i][PATH].toLowerCase();
  }
  // Most urgent first: known, review, unknown hits; then what was not or only partly examined.
  const urgency = (i) => grave[i] > 0 ? 10 + grave[i] : items[i][COVERAGE] > 0 ? 4 + items[i][COVERAGE] : grave[i] + 1;
  const byPath = (a, b) => lower[a] < lower[b] ? -1 : lower[a] > lower[b] ? 1 : 0;
  const keys = {
    urgency: (a, b) => urgency(b) - urgency(a) || byPath(a, b),
    path: byPath,
    hit: (a, b) => grave[b] - grave[a] || byPath(a, b),
    coverage: (a, b) => items[b][COVERAGE] - items[a][COVERAGE] || byPath(a, b),
    type: (a, b) => T.formats[items[a][FORMAT]] < T.formats[items[b][FORMAT]] ? -1 :
                    items[a][FORMAT] === items[b][FORMAT] ? byPath(a, b) : 1,
    size: (a, b) => (items[b][SIZE] || 0) - (items[a][SIZE] || 0) || byPath(a, b),
    pixels: (a, b) => items[b][WIDTH] * items[b][HEIGHT] - items[a][WIDTH] * items[a][HEIGHT] || byPath(a, b),
    group: (a, b) => (items[a][NEAR] || 1e9) - (items[b][NEAR] || 1e9) ||
                     (items[a][EXACT] || 1e9) - (items[b][EXACT] || 1e9) || byPath(a, b),
  };

  let order = 'urgency', reversed = false, group = 0, category = null, shown = [], chosen = -1;
  const sorted = {};
  const inOrder = () => {
    if (!sorted[order]) sorted[order] = Uint32Array.from(items, (_, i) => i).sort(keys[order]);
    return sorted[order];
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

  const apply = () => {
    const words = $('search').value.toLowerCase().trim();
    const digest = digestFilter(words);
    const hit = $('hit').value, list = $('list').value, coverage = $('coverage').value, type = $('type').value,
          finding = $('finding').value, source = $('source').value;
    const wanted = (i) => {
      const row = items[i];
      if (words && !lower[i].includes(words) && !(digest && digest(row))) return false;
      if (hit !== '' && grave[i] !== Number(hit)) return false;
      if (list !== '' && !(row[HITS] && row[HITS].some((h) => h[0] === Number(list) &&
          (category === null || h[1] === category)))) return false;
      if (coverage !== '' && (coverage === 'gap' ? row[COVERAGE] === 0 : row[COVERAGE] !== Number(coverage))) return false;
      if (type !== '' && row[FORMAT] !== Number(type)) return false;
      if (source !== '' && row[SOURCE] !== Number(source)) return false;
      if (finding !== '' && !(row[FINDINGS] && row[FINDINGS].some((f) => f[0] === Number(finding)))) return false;
      return !group || row[EXACT] === group || row[NEAR] === group;
    };
    shown = [];
    for (const i of inOrder()) if (wanted(i)) shown.push(i);
    if (reversed) shown.reverse();
    let text = shown.length.toLocaleString('en') + ' of ' + items.length.toLocaleString('en') + ' items';
    if (group) text += ', group ' + group + ' only';
    if (category !== null) text += ', category ' + (category || 'none') + ' only';
    $('count').textContent = text;
    $('widen').hidden = !group && category === null;
    $('space').style.height = shown.length * ROW + 'px';
    $('window').scrollTop = 0;
    draw();
  };

  const pathCell = (row) => {
    const path = row[PATH];
    const cut = path.lastIndexOf('/', path.search(/[!#]/) < 0 ? path.length : path.search(/[!#]/)) + 1;
    return el('span', {class: 'path', title: path}, el('span', {class: 'dir'}, path.slice(0, cut)),
              el('span', {class: 'name'}, path.slice(cut)));
  };
  const tag = (name, text) => el('span', {class: 'tag ' + name}, text || name);
  const line = (index, place) => {
    const row = items[index];
    const groups = [row[NEAR] ? 'near ' + row[NEAR] : '', row[EXACT] ? 'exact ' + row[EXACT] : ''].filter(Boolean);
    const node = el('div', {class: 'row line' + (index === chosen ? ' chosen' : ''), role: 'row', id: 'line-' + index,
                            'aria-rowindex': place + 2, onclick: () => choose(index)},
      pathCell(row),
      el('span', {}, grave[index] < 0 ? '' : tag(DISPOSITIONS[grave[index]])),
      row[COVERAGE] ? el('span', {}, tag(COVERAGES[row[COVERAGE]], row[COVERAGE] === 1 ? 'partly' : 'not')) :
                      el('span', {class: 'faint'}, 'fully'),
      el('span', {}, T.formats[row[FORMAT]] || '?'),
      el('span', {class: 'n'}, bytes(row[SIZE])),
      el('span', {class: 'n'}, row[WIDTH] ? row[WIDTH] + ' × ' + row[HEIGHT] : ''),
      el('span', {}, groups.join(', ')));
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
    return text;
  };
  const groupLink = (number, text) => el('button', {class: 'linkish', onclick: () => showGroup(number)}, text);

  const detail = (row) => {
    const hits = row[HITS] || [], findings = row[FINDINGS] || [], times = row[TIMES] || [''];
    const names = ['Modified', 'Changed', 'Accessed', 'Created', 'In container'];
    const nodes = [
      el('button', {class: 'close', onclick: () => choose(-1), 'aria-label': 'Close'}, 'Close'),
      el('h2', {}, row[PATH]),
      el('p', {}, ...hits.length ? [tag(DISPOSITIONS[gravest(row)]), ' '] : [],
         tag(COVERAGES[row[COVERAGE]] === 'full' ? '' : COVERAGES[row[COVERAGE]], COVERAGE_WORDS[row[COVERAGE]])),
    ];
    if (row[ERROR]) {
      nodes.push(el('div', {class: 'note warn'}, el('p', {}, (row[COVERAGE] === 2 ? 'Not examined: ' : 'Partly examined: ') +
        T.errors[row[ERROR][0]] + ' (' + row[ERROR][1] + ')' + place(row[ERROR][2], row[ERROR][3], 0) + '.')));
    }
    if (row[STATE] === 0) nodes.push(el('div', {class: 'note warn'}, el('p', {}, 'The scan of this item was not finished.')));
    nodes.push(el('h3', {}, 'Hits'));
    nodes.push(hits.length ? el('ul', {}, ...hits.map((hit) => el('li', {}, tag(DISPOSITIONS[hit[2]]), ' ',
      el('b', {}, T.lists[hit[0]]), hitText(hit)))) : el('p', {class: 'faint'}, 'None in the lists that were used.'));
    nodes.push(el('h3', {}, 'Findings'));
    nodes.push(findings.length ? el('ul', {}, ...findings.map((f) => el('li', {}, f[2] + ' ',
      el('span', {class: 'faint'}, T.findings[f[0]] + ', ' + T.grades[f[1]] + (f[3] ? ',' + place(f[3], f[4], f[5]) : '') +
        (f[6] ? ': ' + f[6].map((pair) => pair.join(' = ')).join(', ') : ''))))) :
      el('p', {class: 'faint'}, row[COVERAGE] === 2 ? 'None: nothing was examined.' :
        'None. That no evidence was found says nothing of where the file comes from.'));
    nodes.push(el('h3', {}, 'File'), facts([
      ['Type', (T.formats[row[FORMAT]] || 'not known') + (T.media[row[MEDIA]] ? ' (' + T.media[row[MEDIA]] + ')' : '')],
      ['Kind', row[KIND] ? T.kinds[row[KIND]].replace('_', ' ') : ''],
      ['Size', row[SIZE] === null ? '' : row[SIZE].toLocaleString('en') + ' bytes'],
      ['Picture', row[WIDTH] ? row[WIDTH] + ' × ' + row[HEIGHT] + ' pixels' : ''],
      ...names.map((name, i) => [name, times[0][i] && times[0][i] !== '-' ? timeText(times[0][i], times[i + 1]) : '']),
      ['Source', T.sources[row[SOURCE]]],
      ['Revision', row[REVISION] > 1 ? String(row[REVISION]) : ''],
      ['Exact group', row[EXACT] ? groupLink(row[EXACT], 'group ' + row[EXACT] + ', the same bytes') : ''],
      ['Near group', row[NEAR] ? groupLink(row[NEAR], 'group ' + row[NEAR] + ', ' + row[NEAR_BITS] + ' bits') : ''],
    ]));
    nodes.push(el('h3', {}, 'Identity'), facts([
      ['SHA-256', mono(hex(row[SHA256]))], ['SHA-1', mono(hex(row[SHA1]))], ['MD5', mono(hex(row[MD5]))],
      ...(row[PDQ] || []).map((hash) => ['PDQ ' + T.modes[hash[0]], el('span', {}, mono(hex(hash[2])),
        ' quality ' + hash[1])]),
      ['Item', mono(hex(row[ID]))], ['Inside of', mono(hex(row[PARENT]))],
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
    draw();
  };
  const FILTERS = ['search', 'hit', 'list', 'coverage', 'type', 'finding', 'source'];
  const clear = () => {
    for (const id of FILTERS) $(id).value = '';
    group = 0;
    category = null;
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
  options('list', T.lists, 'any');
  options('type', T.formats, 'any');
  options('finding', T.findings, 'any');
  options('source', T.sources, 'any');
  if (T.sources.length < 2) $('source').parentElement.hidden = true;
  for (const id of FILTERS.slice(1)) {
    $(id).addEventListener('change', () => { if (id === 'list') category = null; apply(); });
  }
  let waiting = 0;
  $('search').addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(apply, 150); });
  $('widen').addEventListener('click', () => { group = 0; category = null; apply(); });
  $('reset').addEventListener('click', () => {
    clear(); order = 'urgency'; reversed = false; marks(); apply();
  });
  const marks = () => {
    for (const button of document.querySelectorAll('.headrow button')) {
      const is = button.dataset.key === order;
      button.textContent = button.dataset.name + (is ? reversed ? ' ▴' : ' ▾' : '');
      if (is) button.setAttribute('aria-sort', reversed ? 'ascending' : 'descending');
      else button.removeAttribute('aria-sort');
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
      const index = id === 'list' ? T.lists.indexOf(value) : id === 'finding' ? T.findings.indexOf(value) :
          id === 'type' ? T.formats.indexOf(value) : value;
      $(id).value = String(index);
      category = button.dataset.category ?? null;
      apply();
      $('items').scrollIntoView();
    });
  }

  const most = 200;
  const groupRows = data.groups.map((entry, i) => [i + 1, ...entry]);
  for (const [number, kind, members, farthest] of groupRows.slice(0, most)) {
    $('group-rows').append(el('tr', {}, el('td', {}, (kind ? 'near ' : 'exact ') + number),
      el('td', {class: 'n'}, members.toLocaleString('en')), el('td', {class: 'n'}, kind ? farthest + ' bits' : ''),
      el('td', {class: 'n screen'}, groupLink(number, 'show'))));
  }
  $('group-more').textContent = groupRows.length > most ? 'The ' + most + ' largest of ' +
      groupRows.length.toLocaleString('en') + ' groups; every item names its own.' : '';

  const frame = $('window');
  let drawing = false;
  frame.addEventListener('scroll', () => {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => { drawing = false; draw(); });
  });
  frame.addEventListener('keydown', (event) => {
    const step = {ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15}[event.key];
    if (event.key === 'Escape') choose(-1);
    if (!step || shown.length === 0) return;
    event.preventDefault();
    const at = shown.indexOf(chosen);
    const next = Math.min(shown.length - 1, Math.max(0, at < 0 ? Math.round(frame.scrollTop / ROW) : at + step));
    const top = next * ROW;
    if (top < frame.scrollTop) frame.scrollTop = top;
    if (top + ROW > frame.scrollTop + frame.clientHeight) frame.scrollTop = top + ROW - frame.clientHeight;
    choose(shown[next]);
  });
  window.addEventListener('resize', draw);
  marks();
  apply();
})();
