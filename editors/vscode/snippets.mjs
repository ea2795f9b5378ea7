// Writes snippets/stack.json from the vocabulary: `stackc schema | node snippets.mjs`; with --check it only compares.
import fs from 'node:fs'

const schema = JSON.parse(fs.readFileSync(0, 'utf8'))
const place = new URL('snippets/stack.json', import.meta.url)
const snippets = {}
for (const [keyword, kind] of Object.entries(schema.kinds)) {
  const required = Object.entries(kind.fields).filter(([, field]) => field.required)
  const settings = required.map(([name], at) => `\t${name} = $${at + 2}`)
  const head = kind.label === 'name' ? `${keyword} \${1:name}` : keyword
  snippets[keyword] = { prefix: keyword, body: [`${head} {`, ...settings, '\t$0', '}'], description: kind.doc }
}
const text = JSON.stringify(snippets, null, 2) + '\n'
if (!process.argv.includes('--check')) {
  fs.writeFileSync(place, text)
} else if (fs.readFileSync(place, 'utf8') !== text) {
  console.error('snippets/stack.json is not what the vocabulary says: stackc schema | node snippets.mjs')
  process.exit(1)
}
