/* replay DATABASE TRACE: the yardstick of durable answers. It runs the statements that the program ran for many answers, with
 * their arguments, prepared once, committed for 64 answers at a time with synchronous=FULL, and prints how many seconds that took. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 64, MAXSTMT = 256, MAXARG = 32 };

static sqlite3 *db;
static sqlite3_stmt *stmts[MAXSTMT];
static int is_answer[MAXSTMT];
static int place[MAXSTMT][MAXARG]; /* of $1, $2, …, which SQLite numbers in the order in which they occur */

static void fail(const char *what) {
	fprintf(stderr, "replay: %s: %s\n", what, db ? sqlite3_errmsg(db) : "");
	exit(1);
}

static void exec(const char *sql) {
	if (sqlite3_exec(db, sql, 0, 0, 0) != SQLITE_OK) fail(sql);
}

static char *slurp(const char *path, size_t *size) {
	FILE *f = fopen(path, "rb");
	if (!f) fail(path);
	fseek(f, 0, SEEK_END);
	*size = ftell(f);
	rewind(f);
	char *all = malloc(*size + 1);
	if (fread(all, 1, *size, f) != *size) fail(path);
	all[*size] = 0;
	fclose(f);
	return all;
}

/* bytes reads a length and returns that many bytes of the line behind it. */
static char *bytes(char **p, long *n) {
	*n = strtol(*p, p, 10);
	char *text = ++*p;
	*p += *n + 1;
	return text;
}

static void bind(sqlite3_stmt *s, int i, char **p) {
	long n;
	char kind = **p, *text;
	*p += 2;
	switch (kind) {
	case 'n': break;
	case 'i': sqlite3_bind_int64(s, i, strtoll(*p, p, 10)); ++*p; break;
	case 'r': sqlite3_bind_double(s, i, strtod(*p, p)); ++*p; break;
	case 't': text = bytes(p, &n); sqlite3_bind_text(s, i, text, n, SQLITE_STATIC); break;
	case 'b': text = bytes(p, &n); sqlite3_bind_blob(s, i, text, n, SQLITE_STATIC); break;
	default: fail("the trace cannot be read");
	}
}

static void run(char **p) {
	int number = strtol(*p, p, 10), count = strtol(*p, p, 10), rc;
	sqlite3_stmt *s = stmts[number];
	++*p;
	for (int i = 1; i <= count; i++) bind(s, place[number][i], p);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {}
	if (rc != SQLITE_DONE) fail(sqlite3_sql(s));
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
}

int main(int argc, char **argv) {
	if (argc != 3 || sqlite3_open(argv[1], &db) != SQLITE_OK) fail("usage: replay DATABASE TRACE");
	exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON");
	size_t size;
	char *p = slurp(argv[2], &size), *end = p + size;
	int known = 0, answers = 0, begun = 0;
	struct timespec from, to;
	clock_gettime(CLOCK_MONOTONIC, &from);
	while (p < end) {
		char kind = *p;
		p += 2;
		if (kind == 'S') {
			long n;
			char *sql = bytes(&p, &n);
			if (known == MAXSTMT) fail("too many statements");
			is_answer[known] = strstr(sql, "INSERT INTO evidence") && strstr(sql, "INSERT INTO evidence") < sql + n;
			if (sqlite3_prepare_v2(db, sql, n, &stmts[known], 0) != SQLITE_OK) fail("prepare");
			for (int i = 1; i < MAXARG; i++) {
				char name[8];
				snprintf(name, sizeof name, "$%d", i);
				place[known][i] = sqlite3_bind_parameter_index(stmts[known], name);
			}
			known++;
			continue;
		}
		if (!begun) { exec("BEGIN IMMEDIATE"); begun = 1; }
		int number = atoi(p);
		run(&p);
		if (is_answer[number] && ++answers % BATCH == 0) { exec("COMMIT"); begun = 0; }
	}
	if (begun) exec("COMMIT");
	clock_gettime(CLOCK_MONOTONIC, &to);
	double seconds = to.tv_sec - from.tv_sec + (to.tv_nsec - from.tv_nsec) / 1e9;
	printf("%.3f\n", seconds);
	return 0;
}
