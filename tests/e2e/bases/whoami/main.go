// Command whoami answers with the request that it got, as the public image of that name does: `whoami --port NUMBER`.
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	port := flag.Int("port", 80, "port to listen on")
	flag.Parse()
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		host, _ := os.Hostname()
		fmt.Fprintf(w, "Hostname: %s\n%s %s %s\nHost: %s\n", host, r.Method, r.URL.RequestURI(), r.Proto, r.Host)
		r.Header.Write(w)
	})
	log.Fatal(http.ListenAndServe(fmt.Sprintf(":%d", *port), nil))
}
