// Uses the extension as people do and says what it sees: look.mjs URL IMAGES. Ends with 1 at the first thing that is not there.
import path from 'node:path'
import puppeteer from 'puppeteer-core'

const [url, images] = process.argv.slice(2)
const size = { width: 1280, height: 720 }
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
  await pause(1200)
  await page.keyboard.press('Enter')
  await pause(800)
}
const command = name => pick(`stackc: ${name}`, 'Control', 'Shift', 'p')

/** In the file that is in front: the command line of its lines. */
async function go(line, column = 1) {
  await press('Control', 'g')
  await page.waitForSelector('.quick-input-widget input', { visible: true })
  await page.keyboard.type(`${line}:${column}`)
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
const title = words => document.querySelector('.editor-group-container.active .tab.active')?.getAttribute('data-resource-name')?.includes(words)

await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 60000 })
await page.waitForSelector('.monaco-workbench', { timeout: 90000 })
await pause(5000)
await pick('main.stack', 'Control', 'p')
await expect('the source is open', text, 'service notes from node', 0)
await expect('the environment of previews is in the status bar', position, 'all environments')

// Mistakes: a port that nobody has, and a number without a unit.
await go(14, 30)
await press('End')
await page.keyboard.type(' PORT')
await go(51, 1)
await press('End')
await press('Enter')
await page.keyboard.type('service worker from node { env { API = notse.url }, memory = 512 ')
await press('Escape')
await expect('mistakes are underlined', () => document.querySelectorAll('.squiggly-error').length || undefined)
await press('Control', 'Shift', 'm')
await expect('the panel names them', () => {
  const rows = [...document.querySelectorAll('.markers-panel .monaco-list-row')].map(row => row.textContent.replace(/\s+/g, ' '))
  return rows.length > 1 && rows
})
await keep('problems')
await browser.close()
