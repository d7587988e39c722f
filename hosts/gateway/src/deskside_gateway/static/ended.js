// @ts-check
/** The page after a support: the server knows moments, the browser knows the reader's clock. */

const how = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "long" });
for (const one of document.querySelectorAll("time")) one.textContent = how.format(new Date(one.dateTime));
