// Noise suppression and background blur; fetched by the room's page where they are wanted (ui/filters-door.ts).
export { filters } from "./ui/filters.js";
