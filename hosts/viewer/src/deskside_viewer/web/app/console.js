// @ts-check
/** The console: begin a support, and see all of one's own. */

import { everySecond, setNow } from "../lib/clock.js";
import { el, fill, show, write } from "../lib/dom.js";
import { Feed } from "../lib/feed.js";
import { icon } from "../lib/icons.js";
import { post, Refused } from "../lib/requests.js";
import { Words } from "../lib/texts.js";
import { leaveLocked, watchUse } from "./activity.js";
import { runModules } from "./console_modules.js";
import { Rows } from "./console_rows.js";
import { Feedback } from "./feedback.js";
import { Group } from "./group.js";
import { Notices } from "./notices.js";
import { NewSupport } from "./new_support.js";
import { Seats } from "./seats.js";
import { isHere } from "./state.js";

/**
 * @typedef {{id: string, number: string, kind: string, state: string, reason?: string, people?: string[],
 *   customer?: {name?: string, system?: string}, began?: number | null, ended?: number | null, code?: string, password?: string, link?: string,
 *   ends_at?: number, by?: string, opened?: number, licence_ends?: number | null, note?: {reason?: string, text?: string} | null}} Session
 * @typedef {{me: {name: string, login_name: string, company: string}, demo: boolean, page: string, feedback?: boolean, no_licence?: string, links?: Record<string, string>,
 *   sessions: Session[], recent?: Session[], now?: number}} State
 */

const boot = JSON.parse(document.getElementById("boot")?.textContent ?? "{}");
const words = new Words(boot.texts ?? {}, boot.language ?? "en");
const say = (/** @type {string} */ key, /** @type {import("../lib/texts.js").Values} */ values = {}) => words.say(`console.${key}`, values);

const notices = new Notices(words);
/** Whose customer was there before, so that news can be told. @type {Map<string, boolean>} */
const before = new Map();

/** @template Found @param {() => Promise<Found>} step @returns {Promise<Found | null>} */
async function attempt(step) {
  try {
    return await step();
  } catch (error) {
    if (error instanceof Refused && error.reason === "refused.password_due") location.assign("/console/account");
    notices.notify(error instanceof Refused ? error.sentence(words) : say("no_answer"), { kind: "warn" });
    return null;
  }
}

/** The tab has to come from the press itself: once an answer had to be waited for, browsers open none. */
async function openDemo() {
  const tab = window.open("", "_blank");
  if (tab) tab.document.title = tab.document.body.textContent = say("opening");
  const found = await attempt(() => post("/console/demo"));
  if (!found) tab?.close();
  else if (!tab) location.assign(`/session/${found.id}`);
  else {
    // Each session has a tab of its own; its links show the one that is there.
    tab.name = `deskside-${found.id}`;
    tab.location.replace(`/session/${found.id}`);
  }
}

const support = new NewSupport(words, {
  begin: (kind) => attempt(() => post("/console/sessions", { kind })),
  demo: openDemo,
  newCode: (id) => attempt(() => post(`/console/sessions/${id}/code`)),
  end: (id) => attempt(() => post(`/console/sessions/${id}/end`)),
});
const seats = new Seats(words, () => post("/console/seats").catch(() => null));
/** How many wait and how many have ended: a seat may have changed hands with either. */
let counted = "";
const group = new Group(words);
const feedback = new Feedback(words, (text) => notices.notify(text, { kind: "info" }));
const running = new Rows(words, { isOver: false });
const ended = new Rows(words, { isOver: true });

const name = el("p", { class: "name" });
const company = el("p", { class: "company" });
const links = el("div", { class: "links" });
const lists = el("div", { class: "lists" });
const licence = el("p", { class: "licence-over note end", role: "status", hidden: true });
const line = el("p", { class: "line-lost note warn", role: "status", hidden: true }, say("line_lost"));

/** @param {string} title @param {Rows} rows @param {string} id */
function part(title, rows, id) {
  return el("section", { class: "part", "aria-labelledby": id }, el("h2", { id }, title), rows.element);
}

function lay() {
  const signOut = () => attempt(() => post("/console/sign-out")).then(() => location.assign("/console"));
  const nav = el(
    "nav",
    { "aria-label": say("navigation") },
    el("a", { href: "/console", "aria-current": "page" }, icon("home"), el("span", {}, say("home"))),
    el("a", { href: "/console/account" }, icon("person"), el("span", {}, say("account"))),
    el("a", { href: "/console/settings" }, icon("tools"), el("span", {}, say("settings"))),
    el("a", { href: "/admin/" }, icon("settings"), el("span", {}, say("panel"))),
    feedback.entry,
    links,
  );
  const leave = el("button", { type: "button", class: "quiet leave", onclick: signOut }, icon("sign-out"), el("span", {}, say("sign_out")));
  const rail = el("header", { class: "rail" }, el("div", { class: "me" }, el("img", { src: "/look/icon.svg", alt: "", width: 32, height: 32 }), el("div", {}, name, company)), nav, seats.element, leave);
  lists.append(part(say("running"), running, "running"), part(say("today"), ended, "today"), group.element);
  const main = el("main", { id: "work", tabindex: "-1" }, el("h1", { class: "visually-hidden" }, say("title")), line, licence, el("div", { class: "columns" }, support.element, lists), notices.element);
  fill(/** @type {Element} */ (document.getElementById("app")), rail, main);
}

/** @param {number} seconds */
function isToday(seconds) {
  return new Date(seconds * 1000).toDateString() === new Date().toDateString();
}

/** Ended sessions of today, each once, the latest first. @param {State} state */
function endedToday(state) {
  const over = state.sessions.filter((one) => one.state === "ended");
  const all = new Map([...(state.recent ?? []), ...over].map((one) => [one.id, one]));
  const today = [...all.values()].filter((one) => one.ended && isToday(one.ended));
  return today.sort((one, other) => (other.ended ?? 0) - (one.ended ?? 0));
}

/** @param {State} state */
function draw(state) {
  if (state.now) setNow(state.now);
  write(name, state.me.name);
  write(company, state.me.company);
  drawLinks(state.links ?? {});
  feedback.draw(state.feedback === true);
  write(licence, state.no_licence ? words.say(state.no_licence) : "");
  show(licence, Boolean(state.no_licence));
  const waiting = state.sessions.filter((one) => one.state === "waiting");
  const live = state.sessions.filter((one) => one.state !== "waiting" && one.state !== "ended");
  support.draw({ waiting, live, demo: state.demo, page: state.page });
  running.draw(live);
  ended.draw(endedToday(state));
  document.title = [live.length ? `(${live.length})` : "", say("title"), "Deskside"].filter(Boolean).join(" · ").replace(") ·", ")");
  tellNews(state.sessions);
  refreshSeats(waiting.length, state.sessions.filter((one) => one.state === "ended").length);
}

/** Links that the group wants to be here. @param {Record<string, string>} wanted */
function drawLinks(wanted) {
  const address = (/** @type {string} */ name) => ({ href: wanted[name], target: "_blank", rel: "noopener noreferrer" });
  fill(links, ...Object.keys(wanted).map((key) => el("a", address(key), icon("link"), el("span", {}, say(`link.${key}`)))));
}

/** @param {number} waiting @param {number} over */
function refreshSeats(waiting, over) {
  const now = `${waiting} ${over}`;
  if (now !== counted) void seats.refresh();
  counted = now;
}

/** A customer who has come is worth a word to whoever does not see his card. @param {Session[]} sessions */
function tellNews(sessions) {
  for (const one of sessions) {
    const was = before.get(one.id);
    before.set(one.id, isHere(one));
    if (was !== false || !isHere(one) || one.people?.length) continue;
    notices.announce(say("arrived", { name: one.customer?.name || say("customer") }));
  }
}

lay();
watchUse();
group.start();
void runModules(boot.modules ?? [], { words, notices, place: lists });
new Feed("/console/socket", {
  state: draw,
  line: (isUp) => show(line, !isUp),
  refused: leaveLocked,
});
everySecond(() => {
  support.tick();
  running.tick();
});
