// Writes mark.rs from the npm package simple-icons:
//
//   npm install --no-save simple-icons@16.37.0 && node src/provider/catalog/write_marks.mjs
//
// The package is CC0; what the pictures show are trademarks of their owners. A provider that it does
// not have gets the initial of its name from the page.

import { readFileSync, writeFileSync } from 'node:fs';
import * as icons from 'simple-icons';

const here = (name) => new URL(name, import.meta.url);

// Where the package has another name for the service. `x` is what Twitter is called now.
const OTHER_NAMES = {
  '42-school': '42',
  battlenet: 'battledotnet',
  'click-up': 'clickup',
  kakao: 'kakaotalk',
  mailru: 'maildotru',
  twitter: 'x',
  wikimedia: 'wikimediafoundation',
};

const bySlug = new Map(Object.values(icons).map((icon) => [icon.slug, icon]));
const catalogue = readFileSync(here('mod.rs'), 'utf8');
const ids = [...catalogue.matchAll(/^ +"([a-z0-9-]+)" => \w+::\w+,$/gm)].map(([, id]) => id);

const rows = ids.flatMap((id) => {
  const icon = bySlug.get(OTHER_NAMES[id] ?? id.replaceAll('-', ''));
  if (!icon) return [];
  // GitHub is there without the feature, as in mod.rs.
  const feature = id === 'github' ? [] : ['        #[cfg(feature = "catalog")]'];
  return [
    ...feature,
    `        "${id}" => (`,
    `            "#${icon.hex}",`,
    `            "${icon.path}",`,
    '        ),',
  ];
});

writeFileSync(
  here('mark.rs'),
  `//! The logos of the catalogue, written by \`write_marks.mjs\`: from simple-icons, which is CC0. What
//! they show are trademarks of their owners.

/// A logo of one colour, on a square of 24 units.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    /// The owner's colour.
    pub(crate) color: &'static str,
    /// What an SVG \`path\` draws.
    pub(crate) path: &'static str,
}

/// The logo of the provider of that id, if there is one.
#[rustfmt::skip]
pub(crate) fn mark(id: &str) -> Option<Mark> {
    let (color, path) = match id {
${rows.join('\n')}
        _ => return None,
    };
    Some(Mark { color, path })
}
`,
);
