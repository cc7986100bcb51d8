// What the page itself says, in both languages; what the bot says comes from the bot.
const WORDS = {
  en: {
    hint: "Each column is one person's phone. Write as a customer, press the buttons as a representative.",
    empty: "Write something: you are the customer.", join: "Who follows this invitation?", cancel: "Cancel", come: "Add",
    name: "Name", language: "Phone language", toggle: "show all, or less",
    add: "+ customer", write: "Message", send: "Send", attach: "Attach files", menu: "Commands", edited: "edited",
    reply: "reply", edit: "edit", typing: "is typing…", deleted: "message deleted", offline: "connecting…",
    newcomer: "A new customer", face: "phone language", place: "place", voice: "voice message",
  },
  uk: {
    hint: "Кожна колонка – телефон однієї людини. Пишіть як клієнт, натискайте кнопки як представник.",
    empty: "Напишіть щось: тут ви – клієнт.", join: "Хто скористається цим запрошенням?", cancel: "Скасувати", come: "Додати",
    name: "Ім'я", language: "Мова телефону", toggle: "показати все або менше",
    add: "+ клієнт", write: "Повідомлення", send: "Надіслати", attach: "Додати файли", menu: "Команди", edited: "змінено",
    reply: "відповісти", edit: "змінити", typing: "пише…", deleted: "повідомлення видалено", offline: "з'єднання…",
    newcomer: "Новий клієнт", face: "мова телефону", place: "місце", voice: "голосове повідомлення",
  },
};

export let tongue = localStorage.getItem("tongue") || (navigator.language.startsWith("uk") ? "uk" : "en");

export function word(key) {
  return WORDS[tongue][key];
}

export function turn() {
  tongue = tongue === "uk" ? "en" : "uk";
  localStorage.setItem("tongue", tongue);
}
