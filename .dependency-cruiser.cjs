// The browser's one way: ui knows session, session knows connection and media, these two do not meet.
const within = (path) => ({ path: `^browser/${path}` });
const never = (name, from, to) => ({ name, severity: "error", from: within(from), to: within(to) });

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unknown", severity: "error", from: {}, to: { couldNotResolve: true } },
    never("media-knows-only-media", "call/media", "(call/(connection|session|ui|main)|check|page)"),
    never("connection-knows-only-connection", "call/connection", "(call/(media|session|ui|main)|check|page)"),
    never("session-does-not-know-how-it-is-drawn", "call/session", "(call/(ui|main)|check|page)"),
    never("ui-does-not-reach-past-session", "call/ui", "(call/(media|connection|main)|check|page)"),
    never("line-knows-only-line", "line", "(call|check|page|offline)"),
    never("check-uses-only-media-of-the-call", "check", "(call/(connection|session|ui|main)|page)"),
    never("page-knows-no-call", "page", "(call|check)"),
    never("neutral-knows-nothing", "neutral", "(call|check|page|offline)"),
    never("offline-uses-no-connection-and-no-media", "offline", "(call/(connection|media|main)|check|page)"),
    {
      name: "product-does-not-import-tests",
      severity: "error",
      from: { path: "^browser/(call|check|line|page)", pathNot: "\\.test\\.ts$" },
      to: { path: "(^browser/testing|\\.test\\.ts$)" },
    },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: "tsconfig.json" }, doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default"] } },
};
