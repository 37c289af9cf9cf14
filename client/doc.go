// Package client speaks to linli's interface for other systems, /api/v1.
//
//	c := client.New(client.Config{URL: "https://linli.example.cn", Key: os.Getenv("LINLI_KEY")})
//	sent, err := c.SendReport(ctx, client.NewReport{Sender: "A-17", Text: "路灯不亮"})
//	for one, err := range c.ListCasesEach(ctx, client.ListCasesQuery{Unit: "u-shizheng"}) { … }
//
// Its types and methods are made from docs/openapi.json by
// internal/api/genclient, so that they are always what the program answers.
// What is written by hand is how requests are sent: with the key, tried again
// where that may help, and always under an Idempotency-Key, so that a request
// that was sent twice is done once.
//
// Every failure of the interface is a *Problem; go by its Code. The package
// stands on the standard library alone and on nothing else of linli.
package client
