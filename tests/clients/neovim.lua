-- A Neovim that gets keys as people type them, with the set-up of the book and its built-in client.
-- NVIM=nvim STACKC=stackc nvim -l neovim.lua INIT: prints what held; exits with 1 at the first thing that does not.
local folder = vim.fn.tempname() .. ' with blanks'
vim.fn.mkdir(folder .. '/bin', 'p')
vim.uv.fs_symlink(vim.env.STACKC, folder .. '/bin/stackc')
vim.fn.writefile({ 'name = "shop"' }, folder .. '/stackc.toml')
vim.fn.writefile({ 'service cache { image = "ghcr.io/acme/cache:1.0.0", port = 6379 }' }, folder .. '/cache.stack')
vim.fn.writefile({
  'use "./cache.stack"',
  'service api {',
  '  image="ghcr.io/acme/api:1.4.2"',
  '  port = 3000',
  '  replica = 2',
  '  env { CACHE = "${cache.host}:${cache.port}" }',
  '}',
  'ingress web { host = "a.example.com", route "/" -> api }',
  'environment production { target compose }',
}, folder .. '/main.stack')

local editor = vim.fn.jobstart({ vim.env.NVIM, '--embed', '--headless', '--clean', '-u', arg[1], 'main.stack' }, {
  rpc = true,
  cwd = folder,
  env = { PATH = folder .. '/bin:' .. vim.env.PATH },
})
local function lua(code, ...) return vim.rpcrequest(editor, 'nvim_exec_lua', code, { ... }) end
local function press(keys) vim.rpcrequest(editor, 'nvim_input', keys) end
local function lines() return vim.rpcrequest(editor, 'nvim_buf_get_lines', 0, 0, -1, false) end
local function problems(code)
  return vim.tbl_filter(function(it) return it.code == code end, lua('return vim.diagnostic.get(0)'))
end

local function expect(what, condition)
  if vim.wait(10000, condition, 20) then return print('ok: ' .. what) end
  print('failed: ' .. what, vim.inspect(lines()), lua([[return vim.inspect(vim.diagnostic.get(0)) .. vim.fn.execute('messages')]]))
  os.exit(1)
end

local function rename(place, name)
  press(place .. 'grn')
  expect('rename asks for a name at ' .. place, function() return vim.rpcrequest(editor, 'nvim_get_mode').mode == 'c' end)
  press('<C-u>' .. name .. '<CR>')
end

expect('the client attaches', function() return lua([[return #vim.lsp.get_clients({ bufnr = 0 })]]) == 1 end)
expect('an unknown setting is a problem', function()
  local found = problems('E0202')
  return #found == 1 and found[1].lnum == 4 and found[1].col == 2
end)
expect('the problem is underlined', function()
  local marks = lua([[return vim.api.nvim_buf_get_extmarks(0, -1, { 4, 0 }, { 4, -1 }, { details = true })]])
  return vim.iter(marks):any(function(mark) return mark[4].hl_group == 'DiagnosticUnderlineError' end)
end)

press('5G^cwrepl<C-x><C-o>')
expect('completion offers the setting that was meant', function()
  local words = vim.rpcrequest(editor, 'nvim_eval', [[map(complete_info(['items']).items, 'v:val.word')]])
  return vim.deep_equal(words, { 'replicas' })
end)
press('<Esc>')
expect('the only candidate is written', function() return lines()[5] == '  replicas = 2' end)
expect('the problem is gone when it is mended', function() return #problems('E0202') == 0 end)

rename('2G0w', 'backend')
expect('rename changes both names', function()
  return lines()[2] == 'service backend {' and lines()[8]:match('%-> backend }$') ~= nil
end)
rename('6G0f$w', 'store')
expect('rename reaches into texts and other files', function()
  local other = vim.rpcrequest(editor, 'nvim_call_function', 'getbufline', { 'cache.stack', 1 })[1] or ''
  return lines()[6]:find('"${store.host}:${store.port}"', 1, true) and other:match('^service store ') ~= nil
end)

lua([[vim.schedule(function() vim.lsp.buf.format() end)]])
expect('formatting aligns', function() return lines()[3] == '  image    = "ghcr.io/acme/api:1.4.2"' end)

vim.fn.writefile({ 'nam = "shop"' }, folder .. '/stackc.toml')
press('Go<Esc>')
expect('a mistake in the manifest is a problem of that file', function()
  local found = lua([[return vim.tbl_map(function(it)
    return it.code .. ' ' .. vim.fs.basename(vim.api.nvim_buf_get_name(it.bufnr))
  end, vim.diagnostic.get())]])
  return vim.tbl_contains(found, 'E0805 stackc.toml')
end)
vim.fn.jobstop(editor)
