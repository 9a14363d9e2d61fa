// What strangers wrote stands in <bdi>, in options and in fields: let it be as long as it may.
// "words" are of 48 letters with spaces between; "names" have 255 letters and no space.
(kind) => {
  const word = "Donaudampfschifffahrtselektrizitaetenhauptbetrie";
  const long = { words: `${word} ${word} of it`, names: word.repeat(6).slice(0, 255) }[kind];
  const isNumber = (text) => /\d/.test(text) && !/\s/.test(text);
  const isMoney = (text) => /^[^\p{L}]*\d[\d.,]*[^\p{L}]*$/u.test(text) || /^-?[A-Z]{3}\s/.test(text);
  const stretched = (text) => (isNumber(text) ? text + word.repeat(2).slice(text.length, 64) : long);
  for (const place of document.querySelectorAll("bdi, option")) {
    const text = place.textContent.trim();
    if (text && !isMoney(text) && !place.querySelector("*")) place.textContent = stretched(text);
  }
  for (const field of document.querySelectorAll("textarea, input[type=text], input[type=search]")) {
    field.value = long;
  }
};
