// Several people's chats side by side, live.
import { draw, showTimesIn } from "./message.js";
import { tongue, turn, word } from "./words.js";

const people = new Map();
const chats = document.querySelector(".chats");
const tabs = document.querySelector(".tabs");
const COLOURS = ["#d2691e", "#2a7f9e", "#7a5ab5", "#3c8d40", "#b5485d", "#5b6f86"];

async function call(name, facts) {
  const answer = await fetch(`/sandbox/${name}`, { method: "POST", body: facts instanceof FormData ? facts : JSON.stringify(facts) });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.description || answer.statusText);
  return body;
}

class Chat {
  constructor(user) {
    this.id = user.id;
    this.messages = new Map();
    this.replyTo = this.editing = null;
    this.root = document.getElementById("chat").content.firstElementChild.cloneNode(true);
    this.root.dataset.person = user.id;
    this.list = this.find(".messages");
    this.atEnd = true;
    this.draft = "";
    this.box = this.find("textarea");
    this.news = 0;
    const face = this.find(".face");
    face.textContent = user.first_name[0];
    face.style.background = COLOURS[people.size % COLOURS.length];
    this.tab = Object.assign(document.createElement("button"), { type: "button", onclick: () => show(this) });
    this.tab.setAttribute("role", "tab");
    this.listen();
    this.called(user);
    chats.append(this.root);
    tabs.append(this.tab);
  }

  find(selector) { return this.root.querySelector(selector); }

  called(user) {
    this.user = user;
    this.name = [user.first_name, user.last_name].filter(Boolean).join(" ");
    this.find(".name").textContent = this.name;
    this.find(".language").textContent = (user.language_code || "en").toUpperCase();
    this.spell();
  }

  spell() {
    this.list.dataset.empty = word("empty");
    this.box.placeholder = word("write");
    this.box.setAttribute("aria-label", `${word("write")}: ${this.name}`);
    this.find(".send").setAttribute("aria-label", word("send"));
    this.find(".menu").setAttribute("aria-label", word("menu"));
    this.find(".clip").title = word("attach");
    this.find(".clip input").setAttribute("aria-label", word("attach"));
    this.find(".language").title = word("face");
    this.mark();
  }

  mark() {
    this.tab.replaceChildren(this.name.split(" ")[0]);
    if (this.news) this.tab.append(Object.assign(document.createElement("span"), { className: "news", textContent: this.news }));
    this.tab.setAttribute("aria-selected", this.root.classList.contains("shown"));
  }

  listen() {
    // Whoever reads the end goes on reading it when the column gets narrower or the box higher.
    this.list.onscroll = () => { this.atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 120; };
    new ResizeObserver(() => { if (this.atEnd) this.list.scrollTop = this.list.scrollHeight; }).observe(this.list);
    this.find("form").onsubmit = (event) => { event.preventDefault(); this.send(); };
    this.box.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
      if (event.key === "Escape") this.context(null, null);
    };
    this.box.oninput = () => this.fit();
    this.find(".clip input").onchange = (event) => this.attach(event.target);
    this.find(".context button").onclick = () => this.context(null, null);
    this.find(".menu").onclick = () => this.menu();
    this.find(".language").onclick = () => call("language", { person: this.id, language: this.user.language_code === "uk" ? "en" : "uk" });
  }

  // As high as its words, up to what the style allows.
  fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  fill(text) {
    this.box.value = text;
    this.fit();
  }

  // What is replied to or edited; what was being written before an edit comes back when the edit is over.
  context(replyTo, editing) {
    if (editing && !this.editing) this.draft = this.box.value;
    if (!editing && this.editing) { this.fill(this.draft); this.draft = ""; }
    if (editing) this.fill(editing.text || editing.caption || "");
    this.replyTo = replyTo;
    this.editing = editing;
    const about = replyTo || editing;
    this.find(".context").hidden = !about;
    if (!about) return;
    this.find(".context span").textContent = `${editing ? "✏️" : "↩️"} ${(about.text || about.caption || "📎").slice(0, 90)}`;
    this.box.focus();
  }

  async send() {
    const text = this.box.value.trim();
    if (!text) return;
    const { replyTo, editing } = this;
    if (!editing) this.fill("");
    this.context(null, null);
    try {
      if (editing) await call("edit", { person: this.id, message_id: editing.message_id, text });
      else await call("say", { person: this.id, text, reply_to: replyTo?.message_id ?? null });
    } catch (error) {
      this.fill(text);
      this.toast(error.message);
    }
  }

  async attach(input) {
    const form = new FormData();
    form.append("person", this.id);
    this.context(this.replyTo, null);
    if (this.box.value.trim()) form.append("caption", this.box.value.trim());
    if (this.replyTo) form.append("reply_to", this.replyTo.message_id);
    for (const file of input.files) form.append("file", file);
    input.value = "";
    this.fill("");
    this.context(null, null);
    await call("file", form).catch((error) => this.toast(error.message));
  }

  async menu() {
    const box = this.find(".commands");
    box.hidden = !box.hidden;
    this.find(".menu").setAttribute("aria-expanded", !box.hidden);
    if (box.hidden) return;
    box.replaceChildren(...(await this.commands()).map((one) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: `/${one.command}` });
      button.append(Object.assign(document.createElement("small"), { textContent: one.description }));
      button.onclick = () => { this.menu(); this.command(`/${one.command}`); };
      return button;
    }));
  }

  async commands() {
    return (await (await fetch(`/sandbox/commands?person=${this.id}`)).json()).commands;
  }

  // A command that words may follow is written for the person to go on; the others are sent. The description of one
  // ends with an example of them: "answer the customer (12 please restart it)".
  async command(text) {
    const known = (await this.commands()).find((one) => `/${one.command}` === text);
    if (/\([^()]+\)$/.test(known?.description || "")) {
      this.fill(`${text} `);
      this.box.focus();
    } else {
      call("say", { person: this.id, text }).catch((error) => this.toast(error.message));
    }
  }

  async press(message, button, key) {
    if (button.url) return window.open(button.url, "_blank", "noopener");
    key.setAttribute("aria-busy", "true");
    try {
      await call("press", { person: this.id, message_id: message.message_id, data: button.callback_data });
    } catch (error) {
      this.toast(error.message);
    } finally {
      key.removeAttribute("aria-busy");
    }
  }

  toast(text) {
    const toast = this.find(".toast");
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this.toasted);
    this.toasted = setTimeout(() => { toast.hidden = true; }, 4000);
  }

  typing() {
    this.find(".status").textContent = word("typing");
    clearTimeout(this.typed);
    this.typed = setTimeout(() => { this.find(".status").textContent = ""; }, 5000);
  }

  put(message, fresh) {
    const own = message.from.id === this.id;
    const near = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 120;
    const item = draw(message, own, {
      reply: (one) => this.context(one, null),
      edit: (one) => this.context(null, one),
      press: (one, button, key) => this.press(one, button, key),
      command: (text) => this.command(text),
      join: (token) => welcome("join", token),
      show: (id) => this.list.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" }),
    });
    const old = this.list.querySelector(`[data-id="${message.message_id}"]`);
    this.messages.set(message.message_id, message);
    if (old) { item.style.animation = "none"; keepOpen(old, item); old.replaceWith(item); } else this.list.append(item);
    for (const quote of item.querySelectorAll("blockquote.expandable:not(.open)")) {  // what is short is shown whole
      if (quote.offsetParent && quote.scrollHeight <= quote.clientHeight + 2) quote.classList.remove("expandable");
    }
    const follow = () => { this.list.scrollTop = this.list.scrollHeight; };
    if (near || own || !fresh) {
      follow();
      for (const picture of item.querySelectorAll("img")) picture.onload = follow;
    }
    if (fresh && !old && !own && !this.root.classList.contains("shown")) { this.news += 1; this.mark(); }
  }

  drop(id) { this.list.querySelector(`[data-id="${id}"]`)?.remove(); }

  async load() {
    const { messages } = await (await fetch(`/sandbox/messages?chat=${this.id}`)).json();
    this.list.replaceChildren();
    messages.slice(-200).forEach((one) => this.put(one, false));
  }
}

// A message that is drawn anew keeps what its reader has opened in it.
function keepOpen(old, item) {
  const before = old.querySelectorAll("blockquote.expandable");
  item.querySelectorAll("blockquote.expandable").forEach((quote, index) => {
    if (before[index]?.classList.contains("open")) { quote.classList.add("open"); quote.setAttribute("aria-expanded", "true"); }
  });
}

function show(chat) {
  for (const one of people.values()) { one.root.classList.toggle("shown", one === chat); if (one === chat) one.news = 0; one.mark(); }
  chat.root.scrollIntoView({ inline: "nearest", block: "nearest", behavior: "smooth" });
  chat.list.scrollTop = chat.list.scrollHeight;
}

// On a wide screen the tabs come when not all columns fit, and the edge fades beyond which there are more.
function measure() {
  const left = chats.scrollLeft, room = chats.scrollWidth - chats.clientWidth;
  document.body.classList.toggle("crowded", room > 8);
  chats.classList.toggle("more-left", left > 8);
  chats.classList.toggle("more-right", left < room - 8);
}

// Somebody new: a customer, or whoever follows an invitation.
function welcome(why, token) {
  const dialog = document.getElementById("newcomer"), form = dialog.querySelector("form");
  form.reset();
  form.elements.language.value = tongue;
  dialog.querySelector("h2").textContent = word(why);
  dialog.onclose = async () => {
    if (dialog.returnValue !== "come") return;
    const { person } = await call("person", { name: form.elements.name.value.trim(), language: form.elements.language.value });
    const chat = met(person);
    show(chat);
    if (why === "join") await call("say", { person: person.id, text: token ? `/start ${token}` : "/start" }).catch((error) => chat.toast(error.message));
  };
  dialog.querySelector(".cancel").onclick = () => dialog.close("");
  dialog.returnValue = "";
  dialog.showModal();
}

function met(user) {
  const known = people.get(user.id);
  if (known) { known.called(user); return known; }
  const chat = new Chat(user);
  people.set(user.id, chat);
  if (people.size === 1) show(chat);
  measure();
  return chat;
}

const HAPPENED = {
  message: (event) => people.get(event.chat)?.put(event.message, true),
  edit: (event) => people.get(event.chat)?.put(event.message, true),
  delete: (event) => people.get(event.chat)?.drop(event.message_id),
  typing: (event) => people.get(event.chat)?.typing(),
  toast: (event) => people.get(event.person)?.toast(event.text),
  person: (event) => met(event.person),
};

function spell() {
  document.documentElement.lang = tongue;
  for (const one of document.querySelectorAll("[data-say]")) one.textContent = word(one.dataset.say);
  document.getElementById("tongue").textContent = tongue === "uk" ? "EN" : "УК";
  for (const chat of people.values()) { chat.spell(); for (const one of chat.messages.values()) if (chat.list.querySelector(`[data-id="${one.message_id}"]`)) chat.put(one, false); }
}

async function live() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/sandbox/live`);
  socket.onmessage = ({ data }) => { const event = JSON.parse(data); HAPPENED[event.type]?.(event); };
  socket.onclose = () => setTimeout(live, 1000);
  socket.onopen = async () => {
    const known = await (await fetch("/sandbox/people")).json();
    showTimesIn(known.zone);
    for (const user of known.people) await met(user).load();
    document.body.dataset.ready = "true";
  };
}

document.getElementById("tongue").onclick = () => { turn(); spell(); };
document.getElementById("add").onclick = () => welcome("newcomer");
chats.addEventListener("scroll", measure);
addEventListener("resize", measure);
document.addEventListener("click", (event) => {
  if (event.target.closest(".menu, .commands")) return;
  for (const box of document.querySelectorAll(".commands:not([hidden])")) box.hidden = true;
});
spell();
live();
