// Writes snippets/stack.json from the vocabulary: `stackc schema | node snippets.mjs`; with --check it only compares.
import fs from 'node:fs'

const { kinds } = JSON.parse(fs.readFileSync(0, 'utf8'))
const place = new URL('snippets/stack.json', import.meta.url)

/** What opens a block of a kind: `volume "…"`, `rollout rolling`, and `target compose`, whose two words are one kind. */
function head(path, label) {
  const words = path.split('.')
  const parent = words.slice(0, -1).join('.')
  const keyword = parent && !(parent in kinds) ? words.slice(-2).join(' ') : words.at(-1)
  if (label === 'none') return { keyword, text: keyword, stops: 0 }
  if (label === 'name') return { keyword, text: `${keyword} \${1:name}`, stops: 1 }
  if (label === 'text') return { keyword, text: `${keyword} "$1"`, stops: 1 }
  return { keyword, text: `${keyword} \${1|${label.join(',')}|}`, stops: 1 }
}

/** A line for each setting that a block cannot do without. */
function settings({ fields, needs, one_of: choice }, stops) {
  const required = Object.keys(fields).filter(name => fields[name].required || needs.includes(name))
  const lines = required.map((name, at) => `\t${name} = $${stops + at + 1}`)
  const next = stops + lines.length + 1
  return choice.length ? [...lines, `\t\${${next}|${choice.join(',')}|} = $${next + 1}`] : lines
}

const snippets = {}
for (const [path, kind] of Object.entries(kinds)) {
  const { keyword, text, stops } = head(path, kind.label)
  const body = [`${text} {`, ...settings(kind, stops), '\t$0', '}']
  // Some kinds stand in several others.
  const known = Object.values(snippets).some(other => other.body.join('\n') === body.join('\n'))
  if (!known) snippets[path] = { prefix: keyword, body, description: kind.doc }
}
const text = JSON.stringify(snippets, null, 2) + '\n'
if (!process.argv.includes('--check')) {
  fs.writeFileSync(place, text)
} else if (fs.readFileSync(place, 'utf8') !== text) {
  console.error('snippets/stack.json is not what the vocabulary says: stackc schema | node snippets.mjs')
  process.exit(1)
}
