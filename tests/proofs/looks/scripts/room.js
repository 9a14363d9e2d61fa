// What has not room enough on the page as it stands: text outside its box, its card or the page,
// cards over one another, and boxes that scroll sideways without saying so or being reached.
() => {
  const found = new Set();
  const root = document.documentElement;
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const classes = [...element.classList].map((one) => `.${one}`).join("");
    return `${element.localName}${id}${classes}`;
  };
  const known = new Map();
  const look = (element) => {
    if (!known.has(element)) {
      const { display, clipPath, textOverflow, overflowX, position } = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      known.set(element, { display, clipPath, textOverflow, overflowX, position, box });
    }
    return known.get(element);
  };
  const say = (text, what) => found.add(`${what}: “${text.data.trim().slice(0, 30)}”`);
  const scrolls = (style) => /auto|scroll/.test(style.overflowX);
  const cuts = (style) => /hidden|clip/.test(style.overflowX);
  const isOutside = (rect, box) => rect.right > box.right + 1.5 || rect.left < box.left - 1.5;

  if (root.scrollWidth > root.clientWidth) {
    found.add(`the page is ${root.scrollWidth} wide, not ${root.clientWidth}`);
  }

  const whereItIsOutside = (text, rect) => {
    let isFirstBox = true;
    for (let at = text.parentElement; at && at !== root; at = at.parentElement) {
      const style = look(at);
      if (style.display === "contents") continue;
      if (style.clipPath !== "none") return "";
      if (isFirstBox && !/^inline$/.test(style.display)) {
        isFirstBox = false;
        const endsInDots = style.textOverflow === "ellipsis";
        if (isOutside(rect, style.box) && !scrolls(style) && !endsInDots) {
          return `outside of ${name(at)}`;
        }
      }
      if (scrolls(style)) return "";
      // Dots say that there is more; amounts never end in them.
      if (style.textOverflow === "ellipsis" && !/\d[.,]\d/.test(text.data)) return "";
      const isBox = cuts(style) || at.classList.contains("card");
      if (isBox && isOutside(rect, style.box)) return `outside of ${name(at)}`;
      if (style.position === "fixed") break;
    }
    return rect.right > root.clientWidth + 1 || rect.left < -1 ? "outside of the page" : "";
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const parent = text.parentElement;
    const isSeen = parent.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
    if (!text.data.trim() || !isSeen) continue;
    if (parent.closest(".visually-hidden, .skip-link, select, script, style, svg")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const rect of range.getClientRects()) {
      const where = rect.width > 0 ? whereItIsOutside(text, rect) : "";
      if (where) say(text, where);
    }
  }

  const cards = [...document.querySelectorAll(".card")].filter((card) => card.checkVisibility());
  cards.forEach((card, place) => {
    const one = card.getBoundingClientRect();
    for (const other of cards.slice(place + 1)) {
      if (card.contains(other)) continue;
      const two = other.getBoundingClientRect();
      const width = Math.min(one.right, two.right) - Math.max(one.left, two.left);
      const height = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
      if (width > 1 && height > 1) found.add(`${name(card)} and ${name(other)} overlap`);
    }
  });

  for (const box of document.querySelectorAll("body *:not(textarea, select, input)")) {
    const isWider = box.scrollWidth > box.clientWidth + 1;
    if (!isWider || !scrolls(getComputedStyle(box)) || !box.checkVisibility()) continue;
    if (document.querySelector("#django-admin-prefs") || box.closest("#container")) continue;
    const isNamed = box.role && (box.ariaLabel || box.getAttribute("aria-labelledby"));
    if (box.tabIndex < 0 || !isNamed) found.add(`${name(box)} scrolls and cannot be focused`);
    const hint = box.parentElement.querySelector(":scope > .sideways");
    if (!hint?.checkVisibility()) found.add(`${name(box)} scrolls and does not say so`);
  }
  return [...found];
}
