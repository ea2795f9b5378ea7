// Colours every source of the repository with the grammar: the file must end outside of every string and bracket rule,
// and comments, strings and numbers must be what the text says. Prints what is wrong; must not colour by itself.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const oniguruma = require('vscode-oniguruma')
const textmate = require('vscode-textmate')

const root = path.resolve(import.meta.dirname, '../../..')
const wasm = fs.readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'))
await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength))
const file = path.join(import.meta.dirname, '../syntaxes/stack.tmLanguage.json')
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: patterns => new oniguruma.OnigScanner(patterns),
    createOnigString: text => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () => textmate.parseRawGrammar(fs.readFileSync(file, 'utf8'), file),
})
const grammar = await registry.loadGrammar('source.stack')

function* sources() {
  const folders = ['examples', 'stdlib', 'release', 'snapshots/fmt'].map(folder => path.join(root, folder))
  for (let folder; (folder = folders.pop()); ) {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const name = path.join(folder, entry.name)
      if (entry.isDirectory()) folders.push(name)
      else if (name.endsWith('.stack') && !name.endsWith('broken.stack')) yield [name, fs.readFileSync(name, 'utf8')]
    }
  }
  const pages = ['book/src', 'book/src/codes'].map(folder => path.join(root, folder))
  for (const folder of pages) {
    for (const name of fs.readdirSync(folder).filter(name => name.endsWith('.md'))) {
      const page = fs.readFileSync(path.join(folder, name), 'utf8')
      let number = 0
      for (const [, tags, text] of page.matchAll(/^```(stack[^\n]*)\n(.*?)^```/gms)) {
        // The pages of E01… show what cannot be read, and that may be wrong in its brackets too.
        const unreadable = name.startsWith('E01') && /fails/.test(tags)
        if (!unreadable) yield [`${name}#${number++}`, text]
      }
    }
  }
}

const problems = []
let files = 0
for (const [name, text] of sources()) {
  files++
  let stack = textmate.INITIAL
  for (const [number, line] of text.split('\n').entries()) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack)
    stack = ruleStack
    for (const token of tokens) {
      const words = line.slice(token.startIndex, token.endIndex)
      const scopes = token.scopes.join(' ')
      const plain = token.scopes.length === 1
      if (plain && /\S/.test(words)) problems.push(`${name}:${number + 1} nothing colours ${JSON.stringify(words)}`)
      if (/^\s*#/.test(line) && /\S/.test(words) && !/comment|string/.test(scopes)) problems.push(`${name}:${number + 1} no comment`)
    }
  }
  if (stack.depth !== 1) problems.push(`${name} ends inside of ${stack.nameScopesList}`)
}
if (files < 250) problems.push(`only ${files} sources were found`)
for (const problem of problems.slice(0, 30)) console.error(problem)
console.log(`${files} sources, ${problems.length} problems`)
process.exit(problems.length ? 1 : 0)
