// Returns what on a page has less contrast than 4.5 to 1 (WCAG 2.2, 1.4.3): {text: ratio}.
() => {
  const read = (color) => {
    const parts = color.match(/[\d.]+/g).map(Number);
    return parts.length > 3 ? parts : [...parts, 1];
  };
  const over = (top, ground) =>
    [0, 1, 2].map((i) => top[i] * top[3] + ground[i] * (1 - top[3])).concat(1);
  const luminance = (color) => {
    const [r, g, b] = color.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      layers.unshift(read(getComputedStyle(each).backgroundColor));
    }
    return layers.reduce((ground, layer) => over(layer, ground), [255, 255, 255, 1]);
  };
  const found = {};
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.data.trim();
    if (!text || !element.checkVisibility()) continue;
    if (element.closest("script, style, noscript, option, :disabled")) continue;
    const ground = groundOf(element);
    const own = over(read(getComputedStyle(element).color), ground);
    const [more, less] = [luminance(own), luminance(ground)].sort((a, b) => b - a);
    const ratio = (more + 0.05) / (less + 0.05);
    if (ratio < 4.5) found[`${element.className}: ${text.slice(0, 60)}`] = ratio;
  }
  return found;
};
