// Borders of controls against what they stand on, and which marks are told by more than colour.
() => {
  const found = new Set();
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = read(getComputedStyle(at).backgroundColor);
      if (color[3] > 250) return color;
    }
    return [255, 255, 255, 255];
  };
  const light = ([red, green, blue]) =>
    [red, green, blue]
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const contrast = (one, two) => {
    const [less, more] = [light(one), light(two)].sort((a, b) => a - b);
    return (more + 0.05) / (less + 0.05);
  };
  const fields = "input:not([type=hidden]), select, textarea, .button:not(.quiet, :disabled)";
  for (const control of document.querySelectorAll(fields)) {
    if (!control.checkVisibility() || control.closest("#container")) continue;
    const style = getComputedStyle(control);
    if (style.appearance !== "none" && /checkbox|radio/.test(control.type)) continue;
    const edges = [read(style.borderTopColor), read(style.backgroundColor)];
    const behind = ground(control.parentElement);
    const best = Math.max(...edges.map((edge) => (edge[3] > 250 ? contrast(edge, behind) : 1)));
    const name = control.name || control.textContent.trim();
    if (best < 3) found.add(`the border of ${control.localName} ${name} has ${best.toFixed(1)}:1`);
  }
  return [...found];
};
