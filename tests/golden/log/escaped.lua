--! about = nothing that moves a cursor, starts a line or turns text around gets through
--! hook = test.run
--! expect = result {"ok":true}
--! log = info@10 a\nb\r\tc\u{0}\u{1b}[31m\u{7f}
--! log = info@11 \xff\xc3(é\u{202e}\u{2066}\u{feff}\u{85}\u{2028}
--! log = info@12 forged\n2024-01-01 ERROR other tenant
--! log = info@13 \n stays \n
--! fuel = 9872
function run()
    log.info("a\nb\r\tc\0\27[31m\127")
    log.info("\xff\xc3(\u{e9}\u{202e}\u{2066}\u{feff}\u{85}\u{2028}")
    log.info("forged\n2024-01-01 ERROR other tenant")
    print("\\n stays \\n")
    return { ok = true }
end
