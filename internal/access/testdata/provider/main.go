// Provider is a real OpenID provider for tests: the example server of
// zitadel/oidc on a loopback port of its own. It is a module of its own so that
// linli does not depend on it.
//
// It prints its issuer on the first line. Arguments are the addresses that the
// client "web", whose secret is "secret", may come back to. Its people are
// chenli, stranger and closed; the password of each is "verysecure".
package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

type people map[string]*storage.User

func (p people) GetUserByID(id string) *storage.User { return p[id] }

func (p people) GetUserByUsername(name string) *storage.User { return p["id-"+name] }

func (p people) ExampleClientID() string { return storage.ServiceUserID }

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// Without a slash at the end: the library says it so in every token.
	issuer := "http://" + listener.Addr().String()
	storage.RegisterClients(storage.WebClient("web", "secret", os.Args[1:]...), storage.WebClient("other", "secret", os.Args[1:]...))
	all := people{}
	for _, name := range []string{"chenli", "stranger", "closed"} {
		all["id-"+name] = &storage.User{ID: "id-" + name, Username: name, Password: "verysecure", Email: name + "@example.com"}
	}
	router := exampleop.SetupServer(issuer, storage.NewStorage(all), slog.New(slog.DiscardHandler), false)
	fmt.Println(issuer)
	server := &http.Server{Handler: router, ReadHeaderTimeout: time.Minute}
	if err := server.Serve(listener); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
