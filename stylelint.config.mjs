// The rules of the style sheets; what the standard set leaves open is decided here.

const SPACES = "/^(margin|padding|gap|row-gap|column-gap|inset|scroll-margin|scroll-padding)/";

export default {
  extends: "stylelint-config-standard",
  reportDescriptionlessDisables: true,
  reportNeedlessDisables: true,
  languageOptions: { directionality: { block: "top-to-bottom", inline: "left-to-right" } },
  rules: {
    // Later layers and later files win, so that order within a file need not tell who does.
    "no-descending-specificity": null,

    // Start and end, never left and right.
    "property-layout-mappings": "flow-relative",
    "value-keyword-layout-mappings": "flow-relative",

    // The one sequence of layers stands in tokens.css.
    "layer-name-pattern": "^(tokens|reset|base|layout|components|states)$",

    // The browsers of Apple know it by this name alone.
    "property-no-vendor-prefix": [true, { ignoreProperties: ["/text-size-adjust$/"] }],

    // config/sheets.py reads the imports as they stand.
    "import-notation": "string",

    // Two breakpoints; tests/test_styles.py holds the containers to them.
    "media-feature-name-value-allowed-list": { width: ["600px", "900px"] },

    // Distances come from the grid, but for the width of a line.
    "declaration-property-value-disallowed-list": { [SPACES]: "/(?<![\\d.])([2-9]|\\d{2,})px/" },

    // Colours are named in tokens.css.
    "color-no-hex": true,
    "function-disallowed-list": ["light-dark", "rgb"],

    // What is on a page is known to its template.
    "selector-pseudo-class-disallowed-list": ["has"],
  },
  overrides: [
    {
      files: ["static/css/tokens.css"],
      rules: { "color-no-hex": null, "function-disallowed-list": null },
    },
  ],
};
