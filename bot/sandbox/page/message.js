// One message as elements. Text is only ever set as text: nothing that somebody wrote becomes HTML.
import { tongue, word } from "./words.js";

const STYLES = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "span" };

let zone;

// The zone that times are shown in: the desk's, as on its cards. One that the browser does not know is left out.
export function showTimesIn(name) {
  try { zone = new Intl.DateTimeFormat("en", { timeZone: name || undefined }).resolvedOptions().timeZone; } catch { zone = undefined; }
}

function element(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

// Entities nest: open them in order, close each at its end. Offsets are UTF-16 code units, as in JavaScript.
function words(text, entities, act) {
  const root = element("div", { className: "words" });
  const stack = [{ node: root, end: Infinity }];
  const marks = new Set([0, text.length]);
  for (const one of entities) { marks.add(one.offset); marks.add(one.offset + one.length); }
  const points = [...marks].sort((a, b) => a - b);
  points.forEach((at, index) => {
    while (stack.at(-1).end <= at) stack.pop();
    for (const one of entities.filter((entity) => entity.offset === at)) {
      const node = styled(one, text, act);
      stack.at(-1).node.append(node);
      stack.push({ node, end: one.offset + one.length });
    }
    let piece = text.slice(at, points[index + 1] ?? text.length);
    if (stack.at(-1).node.tagName !== "BLOCKQUOTE" && stack.at(-1).node.lastChild?.tagName === "BLOCKQUOTE") piece = piece.replace(/^\n/, "");
    const closesBefore = entities.some((one) => one.type.endsWith("blockquote") && one.offset === at + (points[index + 1] - at));
    if (closesBefore) piece = piece.replace(/\n$/, "");
    stack.at(-1).node.append(piece);
  });
  return root;
}

function styled(entity, text, act) {
  const said = text.slice(entity.offset, entity.offset + entity.length);
  const url = entity.type === "url" ? said : entity.type === "text_link" ? entity.url : "";
  if (/^https?:/.test(url)) return link(url, act);
  if (entity.type === "bot_command") {
    return element("span", { className: "command", onclick: () => act.command(said) });
  }
  if (entity.type === "expandable_blockquote") return expandable();
  return element(STYLES[entity.type] || "span");
}

// A link to the bot (core.telegram.org/bots/features#deep-linking) is followed here, by somebody new.
function link(url, act) {
  const invited = url.match(/^https?:\/\/t\.me\/\w+(?:\?start=([\w-]+))?$/);
  const made = element("a", { href: url, target: "_blank", rel: "noopener noreferrer" });
  if (invited) made.onclick = (event) => { event.preventDefault(); act.join(invited[1]); };
  return made;
}

function expandable() {
  const quote = element("blockquote", { className: "expandable", tabIndex: 0, title: word("toggle") });
  quote.setAttribute("role", "button");
  quote.setAttribute("aria-expanded", "false");
  const turn = () => quote.setAttribute("aria-expanded", quote.classList.toggle("open"));
  quote.onclick = (event) => { if (!event.target.closest("a, .command") && getSelection().isCollapsed) turn(); };
  quote.onkeydown = (event) => { if (event.key === "Enter" && event.target === quote) turn(); };
  return quote;
}

// A bot's plain text may hold commands and links that can be followed, as Telegram's own clients find them.
function found(text, entities) {
  const commands = entities.some((one) => one.type === "bot_command") ? [] : matches(text, "bot_command", /(^|\s)(\/[a-z_]{2,32})\b/g);
  const links = matches(text, "url", /(^|[\s(])(https?:\/\/[^\s<>]*[^\s<>.,:;!?)"'»])/g);
  const apart = links.filter((one) => !entities.some((other) => other.type === "text_link" && other.offset < one.offset + one.length && one.offset < other.offset + other.length));
  return [...entities, ...commands, ...apart].sort((a, b) => a.offset - b.offset || b.length - a.length);
}

function matches(text, type, pattern) {
  return [...text.matchAll(pattern)].map((one) => ({ type, offset: one.index + one[1].length, length: one[2].length }));
}

function files(message) {
  const made = [];
  if (message.photo) {
    const largest = message.photo.at(-1);
    made.push(element("img", { src: `/sandbox/files/${largest.file_id}`, alt: message.caption || "photo" }));
  }
  for (const kind of ["document", "voice", "video", "audio", "animation", "video_note"]) {
    const file = message[kind];
    if (!file) continue;
    const name = kind === "voice" ? word("voice") : file.file_name || kind;
    const size = file.file_size > 1048576 ? `${(file.file_size / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(file.file_size / 1024))} KB`;
    made.push(element("a", { className: "file", href: `/sandbox/files/${file.file_id}`, download: file.file_name || kind }, `📄 ${name}`, element("small", {}, size)));
  }
  if (message.location) made.push(element("span", { className: "file" }, `📍 ${message.location.latitude}, ${message.location.longitude}`));
  if (message.contact) made.push(element("span", { className: "file" }, `👤 ${message.contact.first_name} ${message.contact.phone_number}`));
  return made;
}

export function draw(message, own, act) {
  const text = message.text || message.caption || "";
  const bubble = element("div", { className: "bubble" });
  const replied = message.reply_to_message;
  if (replied) {
    const excerpt = (replied.text || replied.caption || "📎").slice(0, 80);
    bubble.append(element("button", { type: "button", className: "answers", onclick: () => act.show(replied.message_id) }, excerpt));
  }
  bubble.append(...files(message));
  if (text) bubble.append(words(text, found(text, message.entities || message.caption_entities || []), act));
  const at = new Date(message.date * 1000);
  const shown = (form) => new Intl.DateTimeFormat(tongue, { ...form, hourCycle: "h23", timeZone: zone }).format(at);
  const time = element("time", { dateTime: at.toISOString(), title: shown({ dateStyle: "medium", timeStyle: "long" }) }, shown({ hour: "2-digit", minute: "2-digit" }));
  const under = element("div", { className: "under" });
  under.append(element("button", { type: "button", onclick: () => act.reply(message) }, word("reply")));
  if (own && text) under.append(element("button", { type: "button", onclick: () => act.edit(message) }, word("edit")));
  if (message.edit_date) under.append(element("span", {}, word("edited")));
  under.append(time);
  bubble.append(under);
  const item = element("li", { className: own ? "own" : "" }, bubble);
  item.dataset.id = message.message_id;
  const rows = message.reply_markup?.inline_keyboard || [];
  if (rows.length) item.append(keys(rows, message, act));
  return item;
}

function keys(rows, message, act) {
  const board = element("div", { className: "keys" });
  for (const row of rows) {
    const line = element("div");
    for (const one of row) {
      const key = element("button", { type: "button", textContent: one.text, title: one.text });
      key.onclick = () => act.press(message, one, key);
      line.append(key);
    }
    board.append(line);
  }
  return board;
}
