// What files in the chat need; fetched by the room's page once one is given or offered (ui/together.ts).
export { files } from "./ui/files.js";
