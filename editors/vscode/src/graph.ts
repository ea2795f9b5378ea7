// Who needs whom, as a drawing: a column per distance from the doors, a click leads to the declaration. Must not ask the
// server.

import { randomBytes } from 'crypto'
import * as vscode from 'vscode'
import { location, type Place } from './server'

export interface Graph {
  nodes: { name: string; kind: string; location: Place | null }[]
  edges: { from: string; to: string }[]
}

interface Box {
  x: number
  y: number
  width: number
}

const HEIGHT = 44
const GAP = { x: 70, y: 18 }
const MARGIN = 20

export function draw(graph: Graph): void {
  const panel = vscode.window.createWebviewPanel('stackc-graph', 'Who needs whom', vscode.ViewColumn.Beside, {
    enableScripts: true,
    localResourceRoots: [],
  })
  panel.webview.html = page(graph)
  panel.webview.onDidReceiveMessage(async (name: string) => {
    const place = graph.nodes.find(node => node.name === name)?.location
    if (!place) return
    const { uri, range } = location(place)
    const document = await vscode.workspace.openTextDocument(uri)
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, selection: range })
  })
}

/** The column of each node: one more than that of whatever needs it. */
function columns({ nodes, edges }: Graph): Map<string, number> {
  const column = new Map(nodes.map(({ name }) => [name, 0]))
  // A path visits each node once, so circles end here too.
  for (let round = 1; round < nodes.length; round++) {
    let moved = false
    for (const { from, to } of edges) {
      const next = (column.get(from) ?? 0) + 1
      if (next > (column.get(to) ?? 0) && next < nodes.length) moved = !!column.set(to, next)
    }
    if (!moved) break
  }
  return column
}

function layout(graph: Graph): Map<string, Box> {
  const column = columns(graph)
  const boxes = new Map<string, Box>()
  let x = MARGIN
  for (let at = 0; at <= Math.max(0, ...column.values()); at++) {
    // Near those that need them: by the mean height of what is drawn already.
    const height = (name: string) => {
      const above = graph.edges.filter(({ to }) => to === name).flatMap(({ from }) => boxes.get(from)?.y ?? [])
      return above.reduce((sum, y) => sum + y, 0) / Math.max(1, above.length)
    }
    const names = graph.nodes.map(({ name }) => name).filter(name => column.get(name) === at)
    names.sort((one, other) => height(one) - height(other))
    const width = Math.max(90, ...names.map(name => name.length * 8 + 28))
    names.forEach((name, row) => boxes.set(name, { x, y: MARGIN + row * (HEIGHT + GAP.y), width }))
    x += width + GAP.x
  }
  return boxes
}

function page(graph: Graph): string {
  const boxes = layout(graph)
  const all = [...boxes.values()]
  const width = Math.max(...all.map(box => box.x + box.width), 0) + MARGIN
  const height = Math.max(...all.map(box => box.y + HEIGHT), 0) + MARGIN
  const lines = graph.edges.map(({ from, to }) => edge(boxes.get(from), boxes.get(to), from, to))
  const rectangles = graph.nodes.map(({ name, kind }) => node(boxes.get(name), name, kind))
  const nonce = randomBytes(16).toString('hex')
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<style nonce="${nonce}">
  text { fill: var(--vscode-foreground); font: 13px var(--vscode-font-family); }
  text.kind { fill: var(--vscode-descriptionForeground); font-size: 10px; }
  rect { fill: var(--vscode-editorWidget-background); stroke: var(--vscode-charts-blue); rx: 4px; }
  .ingress rect { stroke: var(--vscode-charts-green); }
  g { cursor: pointer; }
  path { fill: none; stroke: var(--vscode-descriptionForeground); }
  path.lit { stroke: var(--vscode-charts-orange); stroke-width: 2; }
</style></head><body>
<svg width="${width}" height="${height}">
<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
<polygon points="0,0 8,4 0,8" fill="gray"/></marker></defs>
${lines.join('\n')}
${rectangles.join('\n')}
</svg>
<script nonce="${nonce}">
  const editor = acquireVsCodeApi()
  const touches = (line, name) => line.dataset.from === name || line.dataset.to === name
  for (const node of document.querySelectorAll('g')) {
    const { name } = node.dataset
    node.addEventListener('click', () => editor.postMessage(name))
    for (const [event, lit] of [['mouseenter', true], ['mouseleave', false]]) {
      node.addEventListener(event, () => {
        for (const line of document.querySelectorAll('path')) line.classList.toggle('lit', lit && touches(line, name))
      })
    }
  }
</script></body></html>`
}

function edge(from: Box | undefined, to: Box | undefined, one: string, other: string): string {
  if (!from || !to) return ''
  const [x, y, end, down] = [from.x + from.width, from.y + HEIGHT / 2, to.x, to.y + HEIGHT / 2]
  const bend = Math.max(30, (end - x) / 2)
  const curve = `M${x},${y} C${x + bend},${y} ${end - bend},${down} ${end},${down}`
  return `<path d="${curve}" marker-end="url(#end)" data-from="${escaped(one)}" data-to="${escaped(other)}"/>`
}

function node(box: Box | undefined, name: string, kind: string): string {
  if (!box) return ''
  const { x, y, width } = box
  const label = `<text x="${x + 12}" y="${y + 30}">${escaped(name)}</text>`
  return `<g class="${escaped(kind)}" data-name="${escaped(name)}"><rect x="${x}" y="${y}" width="${width}" height="${HEIGHT}"/>
<text class="kind" x="${x + 12}" y="${y + 14}">${escaped(kind)}</text>${label}</g>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`)
}
