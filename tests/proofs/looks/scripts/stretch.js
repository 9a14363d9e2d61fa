// What strangers wrote stands in <bdi>, in options and in fields: let it be as long as it may.
// "words" are of 48 letters with spaces between; "names" have 255 letters and no space; of any
// other kind are the texts that stood there before.
(kind) => {
  const word = "Donaudampfschifffahrtselektrizitaetenhauptbetrie";
  const long = { words: `${word} ${word} of it`, names: word.repeat(6).slice(0, 255) }[kind];
  const isNumber = (text) => /\d/.test(text) && !/\s/.test(text);
  const isMoney = (text) => /^[^\p{L}]*\d[\d.,]*[^\p{L}]*$/u.test(text) || /^-?[A-Z]{3}\s/.test(text);
  const stretched = (text) => (isNumber(text) ? text + word.repeat(2).slice(text.length, 64) : long);
  window.textsBefore ??= new Map();
  const before = (place, text) => {
    if (!window.textsBefore.has(place)) window.textsBefore.set(place, text);
    return window.textsBefore.get(place);
  };
  for (const place of document.querySelectorAll("bdi, option")) {
    const whole = before(place, place.textContent);
    const text = whole.trim();
    const isStretched = text && !isMoney(text) && !place.querySelector("*");
    if (isStretched) place.textContent = long ? stretched(text) : whole;
  }
  for (const field of document.querySelectorAll("textarea, input[type=text], input[type=search]")) {
    const value = before(field, field.value);
    field.value = long ?? value;
  }
}
