-- What wrk sends, and what it tells. Arguments: kind of request, cursor, number of articles, seed,
-- Authorization.
-- The seed makes a round send the same ids to every contestant.
local kind, cursor, articles
local keys, patches, tags = 0, 0, {}
local PATCHED = 500 -- articles that are changed in turn, so that no two requests have the same one

function init(args)
  kind, cursor, articles = args[1], args[2], tonumber(args[3])
  math.randomseed(tonumber(args[4]))
  if kind == "known" then wrk.headers["If-None-Match"] = "*" end -- the others send it anyway
  if kind == "patch" then
    response = function(_, headers)
      local tag = headers["etag"]
      if tag then tags[tonumber(tag:match('^"(%x+)-'), 16)] = tag end
    end
  end
  if kind == "post" or kind == "keyed" or kind == "patch" then
    wrk.headers["Content-Type"] = "application/json"
    wrk.headers["Authorization"] = args[5] -- only this service checks it
  end
end

local start = '{"title": "A title", "summary": "A summary", "content": "' .. string.rep("words", 200) .. '", "author_id": '

function request()
  if kind == "one" or kind == "known" then return wrk.format("GET", "/articles/" .. math.random(articles)) end
  if kind == "page" then return wrk.format("GET", "/articles?limit=20") end
  if kind == "deep" then return wrk.format("GET", "/articles?limit=20&cursor=" .. cursor) end
  if kind == "filter" then return wrk.format("GET", "/articles?limit=20&author_id=" .. math.random(100)) end
  if kind == "keyed" then
    keys = keys + 1
    wrk.headers["Idempotency-Key"] = string.format('"8e03978e-40d5-43dd-bc93-%012d"', keys)
  end
  if kind == "patch" then
    patches = patches + 1
    local id = 1 + patches % PATCHED
    wrk.headers["If-Match"] = tags[id] or "*"
    return wrk.format("PATCH", "/articles/" .. id, nil, '{"title": "Title ' .. patches .. '"}')
  end
  return wrk.format("POST", "/articles", nil, start .. math.random(100) .. "}")
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format('{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "errors": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
