// Acme is a real ACME directory for tests: Let's Encrypt's Pebble on a loopback
// port of its own, with a name server to which every name is this machine. It is
// a module of its own so that linli does not depend on it.
//
//	acme HTTP-PORT TLS-PORT ROOTS
//
// It proves names by asking this machine on the two ports, writes the
// certificate that vouches for the directory itself into ROOTS, and prints the
// address of the directory on the first line, and on the second that of the root
// of the certificates it gives.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	httpPort, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	tlsPort, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	names, err := nameServer()
	if err != nil {
		return err
	}
	own, err := certificate(args[2])
	if err != nil {
		return err
	}
	quiet, store := log.New(io.Discard, "", 0), db.NewMemoryStore()
	authority := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	prover := va.New(quiet, httpPort, tlsPort, true, names, store)
	front := wfe.New(quiet, store, prover, authority, []string{"acme.example"}, true, false, 1, 1)
	directory, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	management, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	failed := make(chan error, 2)
	serve := func(l net.Listener, h http.Handler) {
		server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute, TLSConfig: &tls.Config{Certificates: []tls.Certificate{own}}, ErrorLog: quiet}
		failed <- server.ServeTLS(l, "", "")
	}
	go serve(directory, front.Handler())
	go serve(management, front.ManagementHandler())
	fmt.Printf("https://%s%s\nhttps://%s%s0\n", directory.Addr(), wfe.DirectoryPath, management.Addr(), wfe.RootCertPath)
	return <-failed
}

// nameServer answers that every name is this machine.
func nameServer() (address string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &dns.Server{Listener: listener, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		answer := new(dns.Msg)
		answer.SetReply(q)
		for _, one := range q.Question {
			if one.Qtype == dns.TypeA {
				answer.Answer = append(answer.Answer, &dns.A{Hdr: dns.RR_Header{Name: one.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 60}, A: net.IPv4(127, 0, 0, 1)})
			}
		}
		_ = w.WriteMsg(answer) // whoever asked asks again
	})}
	go func() { _ = server.ActivateAndServe() }() // it ends with the program
	return listener.Addr().String(), nil
}

// certificate is the directory's own, which vouches for itself.
func certificate(file string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	of := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600)
}
