// Uses the extension as people do and says what it sees: look.mjs URL PROJECT IMAGES. Ends with 1 at the first thing that is not there.
import fs from 'node:fs'
import path from 'node:path'
import puppeteer from 'puppeteer-core'

const [url, project, images] = process.argv.slice(2)
const size = { width: 1200, height: 640 }
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--proxy-server=direct://', '--proxy-bypass-list=*'],
  defaultViewport: size,
})
const page = await browser.newPage()

const pause = time => new Promise(done => setTimeout(done, time))
async function press(...keys) {
  for (const key of keys.slice(0, -1)) await page.keyboard.down(key)
  await page.keyboard.press(keys.at(-1))
  for (const key of keys.slice(0, -1).reverse()) await page.keyboard.up(key)
  await pause(300)
}

/** Picks the entry of the list that is open, or opens one with keys first. */
async function pick(text, ...keys) {
  if (keys.length) await press(...keys)
  await page.waitForSelector('.quick-input-widget input', { visible: true })
  await page.keyboard.type(text, { delay: 15 })
  const row = words => document.querySelector('.quick-input-list .monaco-list-row.focused')?.innerText.replaceAll('\n', '').includes(words)
  await page.waitForFunction(row, { timeout: 30000 }, text)
  await pause(300)
  await page.keyboard.press('Enter')
  await pause(800)
}
const command = name => pick(`stackc: ${name}`, 'Control', 'Shift', 'p')

const source = fs.readFileSync(path.join(project, 'main.stack'), 'utf8').split('\n')
/** The line of the example with these words: it has others from time to time. */
const line = words => source.findIndex(it => it.includes(words)) + 1

/** In the file that is in front: the command line of its lines, behind these words. */
async function go(words) {
  const column = source[line(words) - 1].indexOf(words) + words.length + 1
  await press('Control', 'g')
  await page.waitForSelector('.quick-input-widget input', { visible: true })
  await page.keyboard.type(`${line(words)}:${column}`)
  await page.keyboard.press('Enter')
  await pause(500)
}

async function expect(what, question, ...values) {
  try {
    const seen = await page.waitForFunction(question, { timeout: 20000, polling: 200 }, ...values)
    console.log(`ok: ${what}: ${JSON.stringify(await seen.jsonValue())}`)
  } catch (problem) {
    await page.screenshot({ path: path.join(images, 'failed.png') })
    console.error(`failed: ${what}\n${problem}`)
    process.exit(1)
  }
}
const keep = name => page.screenshot({ path: path.join(images, `${name}.png`) })

/** The editors' texts and where the cursor is; the status bar says the latter. */
const text = (words, group) =>
  [...document.querySelectorAll('.editor-group-container')][group]?.querySelector('.view-lines')?.innerText.replaceAll('\u00a0', ' ').includes(words)
const position = words => [...document.querySelectorAll('.statusbar-item')].map(item => item.innerText).find(item => item.includes(words))
const marked = group =>
  [...document.querySelectorAll('.editor-group-container')[group].querySelectorAll('.view-overlays .cdr')].some(mark => /ced-/.test(mark.className))
const title = words => [...document.querySelectorAll('.tab.active')].map(tab => tab.innerText).find(name => name.includes(words))

await page.goto(`${url}?folder=${project}`, { waitUntil: 'domcontentloaded', timeout: 60000 })
await page.waitForSelector('.monaco-workbench', { timeout: 90000 })
await pause(5000)
await pick('main.stack', 'Control', 'p')
await expect('the source is open', text, 'service notes from node', 0)
await expect('the environment of previews is in the status bar', position, 'all environments')

await expect('mistakes are underlined', () => document.querySelectorAll('.squiggly-error').length || undefined)
await press('Control', 'Shift', 'm')
await expect('the panel names them', () => {
  const rows = [...document.querySelectorAll('.markers-panel .monaco-list-row')].map(row => row.textContent.replace(/\s+/g, ' '))
  return rows.length >= 3 && rows
})
await go('DATABASE_URL = d')
await keep('problems')

await command('Explain a Code')
await expect('the page of the problem is shown', title, 'E0201')
// Out of the page, which keeps the keys to itself.
for (let tries = 0; tries < 10 && !(await page.evaluate(position, 'Ln ')); tries++) {
  await page.mouse.click(500, 320)
  await pause(1000)
}
await go('DATABASE_URL = d')
await press('Control', '.')
await expect('a fix is offered', () => document.querySelector('.action-widget')?.innerText)
await press('Enter')
await expect('the fix is made', text, 'DATABASE_URL = db.url', 0)
await go('storage = 2')
await press('Control', '.')
await expect('so is one for the other', () => document.querySelector('.action-widget')?.innerText)
await press('Enter')
await expect('nothing is wrong any more', () => document.querySelectorAll('.squiggly-error').length === 0)

await command('Select Environment for Previews')
await pick('development')
await expect('the environment is switched', position, 'development')
await command('Preview Artifacts')
await pick('deploy/development/compose.yaml')
await expect('the artifact is beside the source', text, 'name: notes-development', 1)
await press('Control', 'j')


await go('publish { http')
await expect('what the line makes is marked', marked, 1)
await press('Control', 'b')
await keep('preview')
await press('Control', 'Alt', 'j')
await expect('the jump leads into the artifact', position, 'Compose')
await expect('at what the setting makes', marked, 0)
await press('Control', 'Alt', 'j')
await expect('and back', position, 'Stack')
await expect('to the setting', position, `Ln ${line('publish { http')}`)
await page.keyboard.type('3100')
await expect('the preview follows a change', text, '3100:3000', 1)
await press('Control', 's')

await pick('View: Close All Editors', 'Control', 'Shift', 'p')
await pick('main.stack', 'Control', 'p')
await command('Show Who Needs Whom')
await expect('the graph is shown', title, 'Who needs whom')
await pause(2000)
const drawings = await Promise.all(page.frames().map(frame => frame.$('g[data-name=db]').catch(() => null)))
const drawing = drawings.find(node => node)
if (!drawing) throw new Error('no service is drawn')
await keep('graph')
await drawing.click()
await expect('a click leads to the declaration', position, `Ln ${line('service db from')}`)
await browser.close()
