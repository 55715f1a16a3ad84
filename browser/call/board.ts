// What the board needs; fetched by the room's page once somebody opens or draws on it (ui/together.ts).
export { board } from "./ui/board.js";
