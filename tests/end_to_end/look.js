// What a reader of a page sees: all words, what is cut off, and by how much the page is wider than its window.
() => {
  const scrolling = ["auto", "scroll"];
  const overflow = (one) => getComputedStyle(one).overflowX;
  const isClipped = (one) =>
    one && (getComputedStyle(one).clipPath !== "none" || isClipped(one.parentElement));
  const isShown = (one) =>
    one.checkVisibility({ visibilityProperty: true }) && !one.closest(".skip") && !isClipped(one);
  const isScrolled = (one) => one && (scrolling.includes(overflow(one)) || isScrolled(one.parentElement));

  const isOutside = (one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1) && !isScrolled(one.parentElement);
  };
  const hides = (one) => !["visible", ...scrolling].includes(overflow(one));
  const isTooSmall = (one) =>
    !one.matches("input, textarea") &&
    (hides(one) || one.matches("button, .button, th, td")) &&
    one.clientWidth > 0 &&
    one.scrollWidth > one.clientWidth + 1;

  const cut = [...document.querySelectorAll("body *:not(select, option, path)")]
    .filter((one) => isShown(one) && (isOutside(one) || isTooSmall(one)))
    .map((one) => one.outerHTML.slice(0, 120));

  const words = ["aria-label", "placeholder", "title", "alt"].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)].map((one) => one.getAttribute(name)),
  );
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) words.push(texts.currentNode.data.trim());

  const { scrollWidth, clientWidth } = document.documentElement;
  return { words: words.filter((one) => one), cut, wider: scrollWidth - clientWidth };
}
