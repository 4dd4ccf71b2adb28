// Raw is the yardstick of pages: the least that net/http needs to answer with the bytes of a file.
package main

import (
	"log"
	"net/http"
	"os"
	"strconv"
)

func main() {
	page, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	length := strconv.Itoa(len(page))
	log.Fatal(http.ListenAndServe(os.Args[1], http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", length)
		_, _ = w.Write(page)
	})))
}
