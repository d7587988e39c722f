// @ts-check
/** The page's own words in the status line. */

const RATE_MS = 2000;

/** @param {import("./status.js").Status} status @param {import("./model.js").Model} model */
export function addStatus(status, model) {
  const { words, link } = model;
  const say = (/** @type {string} */ key, /** @type {import("../lib/texts.js").Values} */ values = {}) => words.say(`session.status.${key}`, values);
  const protection = status.item({ id: "page.protection", order: 0 });
  const people = status.item({ id: "page.people", order: 30 });
  const round = status.item({ id: "page.round", order: 25 });
  const rate = status.item({ id: "page.rate", order: 26 });

  const draw = () => {
    const isUp = model.screen === "active";
    const sealed = model.session.sealed_to_agent ? "sealed" : "to_server";
    protection.set(isUp ? say(sealed) : words.say(`session.state.${model.stateName}`), isUp ? say(`${sealed}.help`) : "");
    const others = model.people.filter((one) => one.present && one.id !== model.me.id && one.role !== "customer");
    people.set(isUp && others.length ? say("people", { names: others.map((one) => one.name).join(", ") }) : "");
    if (!isUp) round.set("");
  };
  model.changed.on(draw);
  draw();

  link.measured.on(({ totalMs, lineMs }) => {
    if (model.screen !== "active") return;
    const values = { total: words.number(totalMs), line: words.number(Math.max(0, lineMs)) };
    round.set(say(lineMs < 0 ? "round" : "round.line", values), say("round.help"));
  });

  let before = link.receivedBytes;
  setInterval(() => {
    const megabits = ((link.receivedBytes - before) * 8) / RATE_MS / 1000;
    before = link.receivedBytes;
    rate.set(model.screen === "active" ? say("rate", { rate: words.number(megabits, 1) }) : "");
  }, RATE_MS);
}
