--! about = nothing that moves a cursor, starts a line or turns text around gets through
--! hook = test.run
--! expect = result {"ok": true}
--! fuel = 0
function run()
    log.info("a\nb\r\tc\0\27[31m\127")
    log.info("\xff\xc3(\u{e9}\u{202e}\u{2066}\u{feff}\u{85}\u{2028}")
    log.info("forged\n2024-01-01 ERROR other tenant")
    print("\\n stays \\n")
    return { ok = true }
end
