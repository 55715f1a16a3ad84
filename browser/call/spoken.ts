// What spoken notes need; fetched by the room's page once it stands (ui/spoken-door.ts).
export { spoken } from "./ui/spoken.js";
