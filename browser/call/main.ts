// The room's page: the session first, then everything that shows it.
import type { Config, Words } from "./session/config.js";
import { door } from "./session/door.js";
import { HeldBook } from "./session/held-book.js";
import { LineBook } from "./session/line-book.js";
import { Session } from "./session/session.js";
import { awake } from "./ui/awake.js";
import { captions } from "./ui/captions.js";
import { cardEditor } from "./ui/card-editor.js";
import { cardView } from "./ui/card-view.js";
import { chat } from "./ui/chat.js";
import { clock } from "./ui/clock.js";
import { comfort } from "./ui/comfort.js";
import { json, sayer } from "./ui/dom.js";
import { exit } from "./ui/exit.js";
import { filtersDoor } from "./ui/filters-door.js";
import { fragments } from "./ui/fragments.js";
import { hall } from "./ui/hall.js";
import { line } from "./ui/line.js";
import { leaving } from "./ui/leaving.js";
import { lost } from "./ui/lost.js";
import { notes } from "./ui/notes.js";
import { own } from "./ui/own.js";
import type { Page } from "./ui/page.js";
import { pick } from "./ui/pick.js";
import { plan } from "./ui/plan.js";
import { spokenDoor } from "./ui/spoken-door.js";
import { share } from "./ui/share.js";
import { stage } from "./ui/stage.js";
import { stills } from "./ui/stills.js";
import { drawers, tabs } from "./ui/tabs.js";
import { together } from "./ui/together.js";
import { views } from "./ui/views.js";
import { waiting } from "./ui/waiting.js";
import { words } from "./ui/words.js";

const config = json<Config>("config");
const session = new Session(config);
const page: Page = { session, config, say: sayer(json<Words>("words")), isCounsellor: config.me.role === "counsellor" };

const parts = [
  comfort,
  pick,
  share,
  captions,
  exit,
  awake,
  views,
  waiting,
  hall,
  own,
  stage,
  line,
  clock,
  chat,
  leaving,
  cardEditor,
  cardView,
  notes,
  fragments,
  lost,
  stills,
  spokenDoor,
  filtersDoor,
  together,
  words,
];
for (const part of parts) part(page);
plan(page, new LineBook(session));
tabs();
drawers();
door(session);
new HeldBook(session);
session.start();
