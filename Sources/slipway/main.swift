import SlipwayCommands

await SlipwayMain.run()
