// A Lumberjack receiver for the tests: it writes each batch as a line of JSON, then acknowledges it.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"log"
	"os"
	"time"

	"github.com/elastic/go-lumber/server"
)

func main() {
	address := flag.String("l", "127.0.0.1:5044", "where to listen")
	certificate := flag.String("cert", "", "own certificate; TLS when it is given")
	key := flag.String("key", "", "its private key")
	authority := flag.String("ca", "", "clients must have a certificate of this authority")
	delay := flag.Duration("delay", 0, "wait before each acknowledgement")
	alive := flag.Duration("keepalive", 2*time.Second, "between keep-alives")
	count := flag.Bool("count", false, "write only how many events came, without them")
	flag.Parse()
	options := []server.Option{
		server.V2(true), server.Keepalive(*alive), server.Timeout(60 * time.Second), server.JSONDecoder(asItIs),
	}
	if *certificate != "" {
		options = append(options, server.TLS(settings(*certificate, *key, *authority)))
	}
	running, err := server.ListenAndServe(*address, options...)
	if err != nil {
		log.Fatal(err)
	}
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	write := json.NewEncoder(out)
	write.SetEscapeHTML(false)
	for batch := range running.ReceiveChan() {
		time.Sleep(*delay)
		line := map[string]any{"count": len(batch.Events)}
		if !*count {
			line["events"] = batch.Events
		}
		if err := write.Encode(line); err != nil {
			log.Fatal(err)
		}
		if err := out.Flush(); err != nil {
			log.Fatal(err)
		}
		batch.ACK()
	}
}

// Decoding would change numbers, and the order of fields.
func asItIs(text []byte, event any) error {
	if !json.Valid(text) {
		log.Fatalf("no JSON: %q", text)
	}
	*event.(*any) = json.RawMessage(append([]byte(nil), text...))
	return nil
}

func settings(certificate, key, authority string) *tls.Config {
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		log.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}}
	if authority != "" {
		text, err := os.ReadFile(authority)
		if err != nil {
			log.Fatal(err)
		}
		config.ClientCAs = x509.NewCertPool()
		if !config.ClientCAs.AppendCertsFromPEM(text) {
			log.Fatal("no certificate in ", authority)
		}
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return config
}
