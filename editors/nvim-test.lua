-- Neovim's own client against the server: problems, completion, rename and formatting of a real buffer.
--   STACKC=target/release/stackc nvim --headless --clean -u NONE -c 'luafile editors/nvim-test.lua'
local folder = vim.fn.tempname() .. ' with blanks'
vim.fn.mkdir(folder, 'p')
local file = folder .. '/main.stack'
vim.fn.writefile({
  'service api {',
  '  image="ghcr.io/acme/api:1.4.2"',
  '  port = 3000',
  '  replica = 2',
  '}',
  'ingress web { host = "a.example.com", route "/" -> api }',
  'environment production { target compose }',
}, file)
vim.fn.writefile({ 'name = "shop"' }, folder .. '/stackc.toml')

local function fail(message)
  io.stderr:write(message .. '\n')
  vim.cmd('cquit 1')
end
local function expect(what, condition)
  if not condition then fail('failed: ' .. what) end
  io.stdout:write('ok: ' .. what .. '\n')
end

vim.cmd('edit ' .. vim.fn.fnameescape(file))
vim.bo.filetype = 'stack'
local id = vim.lsp.start_client({ name = 'stackc', cmd = { vim.env.STACKC, 'lsp' }, root_dir = folder })
vim.lsp.buf_attach_client(0, id)

vim.wait(10000, function() return #vim.diagnostic.get(0) > 0 end, 20)
local problems = vim.diagnostic.get(0)
expect('the unknown setting is a problem', #problems > 0 and problems[1].code == 'E0202' and problems[1].lnum == 3)

local document = { uri = vim.uri_from_fname(file) }
local function ask(method, params)
  params.textDocument = document
  for _, answer in pairs(vim.lsp.buf_request_sync(0, method, params, 5000) or {}) do return answer.result end
end

local found = ask('textDocument/completion', { position = { line = 2, character = 2 } })
local labels = {}
for _, item in ipairs(found.items) do labels[item.label] = true end
expect('completion offers settings', labels.env and labels.memory and not labels.image and not labels.route)

vim.api.nvim_win_set_cursor(0, { 1, 9 })
local edit = ask('textDocument/rename', { position = { line = 0, character = 9 }, newName = 'backend' })
vim.lsp.util.apply_workspace_edit(edit, 'utf-16')
local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
expect('rename changes both names', lines[1] == 'service backend {' and lines[6]:match('-> backend }') ~= nil)

vim.wait(300)
local edits = ask('textDocument/formatting', { options = { tabSize = 2, insertSpaces = true } })
vim.lsp.util.apply_text_edits(edits, vim.api.nvim_get_current_buf(), 'utf-16')
lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
expect('formatting aligns', lines[2] == '  image   = "ghcr.io/acme/api:1.4.2"')

vim.api.nvim_buf_set_lines(0, 3, 4, false, { '  replicas = 2' })
vim.wait(10000, function() return #vim.diagnostic.get(0) == 0 or vim.diagnostic.get(0)[1].code ~= 'E0202' end, 20)
local left = vim.tbl_filter(function(problem) return problem.code == 'E0202' end, vim.diagnostic.get(0))
expect('the problem is gone when it is mended', #left == 0)
vim.lsp.stop_client(id)
vim.cmd('qall!')
