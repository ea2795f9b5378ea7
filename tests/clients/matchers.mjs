// Holds the problem matchers against what `--format short` prints: matchers.mjs STACKC. Must not know the pattern itself.
import assert from 'node:assert'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { spawnSync } from 'node:child_process'

const root = path.resolve(import.meta.dirname, '../..')
const read = name => JSON.parse(fs.readFileSync(path.join(root, name), 'utf8'))
const [actions] = read('editors/problem-matcher.json').problemMatcher
const [code] = read('editors/vscode/package.json').contributes.problemMatchers
assert.deepEqual(actions.pattern, [code.pattern])

const project = fs.mkdtempSync(path.join(os.tmpdir(), 'stackc matchers '))
const text = `service api {
  image = "ghcr.io/acme/api:latest"
  port  = 3000
  prot  = 3000
  env { A = nothing.host }
}
environment production { target compose }
`
fs.mkdirSync(path.join(project, 'apps'))
fs.writeFileSync(path.join(project, 'main.stack'), 'use "./apps/a b.stack"\ningress web { host = "a.example.com", route "/" -> apy }\n')
fs.writeFileSync(path.join(project, 'apps/a b.stack'), text)
const check = format =>
  spawnSync(process.argv[2], ['check', '--format', format], { cwd: project, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
const [short, json] = ['short', 'json'].map(check)
fs.rmSync(project, { recursive: true })

const { regexp, ...groups } = code.pattern
const found = `${short.stdout}${short.stderr}`
  .split('\n')
  .map(line => line.match(new RegExp(regexp)))
  .filter(Boolean)
  .map(match => Object.fromEntries(Object.entries(groups).map(([name, at]) => [name, match[at]])))
const expected = JSON.parse(json.stdout)
  .diagnostics.filter(problem => problem.file)
  .map(({ file, range, severity, code }) => ({ file, line: `${range.start.line + 1}`, column: `${range.start.character + 1}`, severity, code }))
assert(expected.length >= 3, json.stdout)
assert.deepEqual(found.map(({ message, ...place }) => place), expected, short.stdout + short.stderr)
assert(found.every(({ message }) => message))
console.log(`${found.length} problems are matched`)
