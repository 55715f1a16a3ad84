import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["**/*.mjs"] },
  ...tseslint.configs.strict,
  {
    files: ["browser/**/*.ts"],
    rules: {
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      eqeqeq: "error",
      // Words that a person reads come from the server; a picture of the page is never made out of text.
      "no-restricted-properties": ["error", { property: "innerHTML", message: "Build elements; text is never markup." }],
    },
  },
);
