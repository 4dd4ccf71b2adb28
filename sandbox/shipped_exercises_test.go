package sandbox_test

import "maps"

func init() {
	maps.Copy(wrongAnswers, wrongExercises)
	maps.Copy(otherAnswers, otherExercises)
}

// wrongExercises and otherExercises are the same for the topic sql-exercises.
var wrongExercises = map[string][]string{
	"sqlx-burst": {
		"SELECT client FROM calls GROUP BY client,at/60 HAVING count(*)>=4 ORDER BY 1",
		"SELECT client FROM calls GROUP BY client HAVING count(*)>=4 AND max(at)-min(at)<=60 ORDER BY 1",
		"SELECT client FROM (SELECT client, at-lag(at,3) OVER (PARTITION BY client ORDER BY at) s FROM calls) WHERE s<=60 ORDER BY 1",
		"SELECT DISTINCT client FROM (SELECT client, at-lag(at,4) OVER (PARTITION BY client ORDER BY at) s FROM calls) WHERE s<=60 ORDER BY 1",
		"SELECT DISTINCT client FROM (SELECT client, at-lag(at,3) OVER (PARTITION BY client ORDER BY at) s FROM calls) WHERE s<=61 ORDER BY 1",
		"SELECT DISTINCT client FROM (SELECT client,count(*) OVER (PARTITION BY client ORDER BY at RANGE 60 PRECEDING) n FROM calls) WHERE n>4 ORDER BY 1",
		"SELECT DISTINCT a.client FROM calls a WHERE (SELECT count(DISTINCT at) FROM calls b WHERE b.client=a.client AND b.at BETWEEN a.at AND a.at+60)>=4 ORDER BY 1",
		"SELECT client FROM calls GROUP BY client HAVING count(*)>=4 ORDER BY 1",
	},
	"sqlx-claim-jobs": {
		"UPDATE jobs SET state='running',locked_until=160,attempts=attempts+1 WHERE id IN (SELECT id FROM jobs WHERE state='ready' AND run_at<=100 ORDER BY run_at,id LIMIT 2)",
		"UPDATE jobs SET state='running',locked_until=160,attempts=attempts+1 WHERE id IN (SELECT id FROM jobs WHERE run_at<=100 AND (state='ready' OR state='running' AND locked_until<100) ORDER BY run_at,id LIMIT 2)",
		"UPDATE jobs SET state='running',locked_until=160,attempts=attempts+1 WHERE id IN (SELECT id FROM jobs WHERE state='ready' AND run_at<=100 OR locked_until<100 ORDER BY run_at,id LIMIT 2)",
		"UPDATE jobs SET state='running',locked_until=160,attempts=attempts+1 WHERE id IN (SELECT id FROM jobs WHERE state='ready' AND run_at<=100 OR state='running' AND locked_until<100 ORDER BY id LIMIT 2)",
		"UPDATE jobs SET state='running',locked_until=160,attempts=attempts+1 WHERE id IN (SELECT id FROM jobs WHERE state='ready' AND run_at<=100 OR state='running' AND locked_until<=100 ORDER BY run_at,id LIMIT 2)",
		"UPDATE jobs SET state='running', locked_until=160, attempts=attempts+1 WHERE (state='ready' AND run_at<=100) OR (state='running' AND locked_until<100)",
		"UPDATE jobs SET state='running', locked_until=160, attempts=1 WHERE id IN (SELECT id FROM jobs WHERE (state='ready' AND run_at<=100) OR (state='running' AND locked_until<100) ORDER BY run_at,id LIMIT 2)",
		"UPDATE jobs SET state='running', locked_until=160, attempts=attempts+1 WHERE id IN (SELECT id FROM jobs WHERE (state='ready' AND run_at<=100) OR (state='running' AND locked_until<100) ORDER BY run_at,id DESC LIMIT 2)",
		"UPDATE jobs SET state='running', locked_until=160, attempts=attempts+1 WHERE id IN (SELECT id FROM jobs WHERE (state='ready' AND run_at<=100) OR (state='running' AND coalesce(locked_until,0)<100) ORDER BY run_at DESC,id LIMIT 2)",
	},
	"sqlx-config-diff": {
		"SELECT coalesce(b.name,a.name),CASE WHEN b.value IS NULL THEN 'added' WHEN a.value IS NULL THEN 'removed' ELSE 'changed' END FROM before b FULL JOIN after a ON a.name=b.name WHERE a.value IS NOT b.value OR a.name IS NULL OR b.name IS NULL ORDER BY 1",
		"SELECT coalesce(b.name,a.name),CASE WHEN b.name IS NULL THEN 'added' WHEN a.name IS NULL THEN 'removed' ELSE 'changed' END FROM before b FULL JOIN after a ON a.name=b.name WHERE a.value<>b.value OR a.name IS NULL OR b.name IS NULL ORDER BY 1",
		"SELECT coalesce(b.name,a.name),CASE WHEN b.name IS NULL THEN 'added' WHEN a.name IS NULL THEN 'removed' ELSE 'changed' END FROM before b FULL JOIN after a ON a.name=b.name WHERE a.value IS NOT b.value ORDER BY 1",
		"SELECT name,'changed' FROM (SELECT * FROM before EXCEPT SELECT * FROM after) ORDER BY 1",
		"SELECT coalesce(b.name,a.name), CASE WHEN b.name IS NULL THEN 'added' WHEN a.name IS NULL THEN 'removed' ELSE 'changed' END FROM before b FULL JOIN after a ON a.name=b.name WHERE b.name IS NULL OR a.name IS NULL OR a.value<>b.value ORDER BY 1",
		"SELECT coalesce(b.name,a.name), CASE WHEN b.value IS NULL THEN 'added' WHEN a.value IS NULL THEN 'removed' ELSE 'changed' END FROM before b FULL JOIN after a ON a.name=b.name WHERE b.name IS NULL OR a.name IS NULL OR a.value IS NOT b.value ORDER BY 1",
		"SELECT coalesce(b.name,a.name), CASE WHEN b.name IS NULL THEN 'added' WHEN a.name IS NULL THEN 'removed' ELSE 'changed' END FROM before b FULL JOIN after a ON a.name=b.name WHERE b.name IS NULL OR a.name IS NULL OR coalesce(a.value,'')<>coalesce(b.value,'') ORDER BY 1",
	},
	"sqlx-conversion-share": {
		"SELECT variant, round(sum(ordered)/count(*)*100,1) FROM sessions GROUP BY 1 ORDER BY 1",
		"SELECT variant, round(100*sum(ordered)/count(*),1) FROM sessions GROUP BY 1 ORDER BY 1",
	},
	"sqlx-daily-active": {
		"SELECT date(at),count(user_id) FROM requests GROUP BY 1 ORDER BY 1",
		"SELECT date(at),count(DISTINCT user_id) FROM requests WHERE user_id IS NOT NULL GROUP BY 1 ORDER BY 1",
	},
	"sqlx-downtime": {
		"SELECT service,sum(until-since) FROM incidents GROUP BY 1 ORDER BY 1",
		"SELECT service,sum(max(0,until-max(since,coalesce(r,since)))) FROM (SELECT *,lag(until) OVER (PARTITION BY service ORDER BY since,until,id) r FROM incidents) GROUP BY 1 ORDER BY 1",
		"SELECT service,max(until)-min(since) FROM incidents GROUP BY 1 ORDER BY 1",
		"SELECT service, sum(e-s) FROM (SELECT service, since s, max(until) e FROM incidents GROUP BY service,since) GROUP BY 1 ORDER BY 1",
		"SELECT service,sum(max(0,until-max(since,coalesce(p,since)))) FROM (SELECT *,max(until) OVER (ORDER BY service, since,id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) p FROM incidents) GROUP BY 1 ORDER BY 1",
		"SELECT service,sum(until-max(since,coalesce(p,since))) FROM (SELECT *,max(until) OVER (PARTITION BY service ORDER BY since,id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) p FROM incidents) GROUP BY 1 ORDER BY 1",
		"SELECT service,sum(max(0,until-max(since,coalesce(p,since)))) FROM (SELECT *,max(until) OVER (PARTITION BY service ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) p FROM incidents) GROUP BY 1 ORDER BY 1",
	},
	"sqlx-due-order": {
		"SELECT id FROM tickets WHERE done=0 ORDER BY due_on,id",
		"SELECT id FROM tickets WHERE done=0 ORDER BY due_on DESC,id",
		"SELECT id FROM tickets WHERE done=0 AND due_on IS NOT NULL ORDER BY due_on,id",
	},
	"sqlx-fan-out": {
		"SELECT o.id, coalesce(sum(i.cents),0), coalesce(sum(p.cents),0) FROM orders o LEFT JOIN items i ON i.order_id=o.id LEFT JOIN payments p ON p.order_id=o.id GROUP BY o.id ORDER BY 1",
		"SELECT o.id, coalesce(sum(DISTINCT i.cents),0), coalesce(sum(DISTINCT p.cents),0) FROM orders o LEFT JOIN items i ON i.order_id=o.id LEFT JOIN payments p ON p.order_id=o.id GROUP BY o.id ORDER BY 1",
		"SELECT o.id, sum(i.cents), sum(p) FROM orders o JOIN items i ON i.order_id=o.id JOIN (SELECT order_id, sum(cents) p FROM payments GROUP BY 1) q ON q.order_id=o.id GROUP BY o.id ORDER BY 1",
		"SELECT o.id, coalesce(sum(i.cents),0), coalesce((SELECT sum(cents) FROM payments p WHERE p.order_id=o.id),0) FROM orders o JOIN items i ON i.order_id=o.id GROUP BY o.id ORDER BY 1",
		"SELECT o.id, (SELECT sum(cents) FROM items i WHERE i.order_id=o.id),(SELECT sum(cents) FROM payments i WHERE i.order_id=o.id) FROM orders o ORDER BY 1",
		"SELECT o.id, coalesce(sum(i.cents),0), coalesce(sum(p.cents)/max(1,count(DISTINCT i.id)),0) FROM orders o LEFT JOIN items i ON i.order_id=o.id LEFT JOIN payments p ON p.order_id=o.id GROUP BY o.id ORDER BY 1",
		"SELECT o.id, coalesce(sum(i.cents)/max(1,count(DISTINCT p.id)),0), coalesce(sum(p.cents),0) FROM orders o LEFT JOIN items i ON i.order_id=o.id LEFT JOIN payments p ON p.order_id=o.id GROUP BY o.id ORDER BY 1",
	},
	"sqlx-flag-value": {
		"SELECT f.name, coalesce(o.value,on_by_default) FROM flags f LEFT JOIN overrides o ON o.flag=f.name WHERE o.tenant='acme' OR o.tenant IS NULL ORDER BY 1",
		"SELECT f.name, o.value OR on_by_default FROM flags f LEFT JOIN overrides o ON o.flag=f.name AND o.tenant='acme' ORDER BY 1",
		"SELECT f.name, coalesce(o.value,on_by_default) FROM flags f LEFT JOIN overrides o ON o.flag=f.name ORDER BY 1",
		"SELECT f.name, max(coalesce(o.value,0),on_by_default) FROM flags f LEFT JOIN overrides o ON o.flag=f.name AND o.tenant='acme' ORDER BY 1",
		"SELECT f.name, (o.value OR f.on_by_default) FROM flags f LEFT JOIN overrides o ON o.flag=f.name AND o.tenant='acme' ORDER BY 1",
		"SELECT name, coalesce((SELECT value FROM overrides WHERE flag=name),on_by_default) FROM flags ORDER BY 1",
		"SELECT f.name,o.value FROM flags f JOIN overrides o ON o.flag=f.name AND o.tenant='acme' ORDER BY 1",
	},
	"sqlx-funnel": {
		"SELECT (SELECT count(DISTINCT person) FROM events WHERE name='visit'),(SELECT count(DISTINCT person) FROM events WHERE name='cart'),(SELECT count(DISTINCT person) FROM events WHERE name='pay')",
		"WITH f AS (SELECT person,min(at) FILTER (WHERE name='visit') v,min(at) FILTER (WHERE name='cart') c,min(at) FILTER (WHERE name='pay') p FROM events GROUP BY 1) SELECT count(v),count(*) FILTER (WHERE c>v),count(*) FILTER (WHERE c>v AND p>c) FROM f",
		"SELECT count(DISTINCT v.person), count(DISTINCT c.person), count(DISTINCT p.person) FROM events v LEFT JOIN events c ON c.person=v.person AND c.name='cart' AND c.at>=v.at LEFT JOIN events p ON p.person=v.person AND p.name='pay' AND p.at>c.at WHERE v.name='visit'",
		"SELECT count(DISTINCT v.person), count(DISTINCT c.person), count(DISTINCT p.person) FROM events v LEFT JOIN events c ON c.person=v.person AND c.name='cart' AND c.at>v.at LEFT JOIN events p ON p.person=v.person AND p.name='pay' AND p.at>=c.at WHERE v.name='visit'",
		"SELECT count(*), count(c.person), count(p.person) FROM events v LEFT JOIN events c ON c.person=v.person AND c.name='cart' AND c.at>v.at LEFT JOIN events p ON p.person=v.person AND p.name='pay' AND p.at>c.at WHERE v.name='visit'",
		"SELECT count(DISTINCT v.person), count(DISTINCT c.person), count(DISTINCT p.person) FROM events v LEFT JOIN events c ON c.person=v.person AND c.name='cart' AND c.at>v.at LEFT JOIN events p ON p.person=v.person AND p.name='pay' AND p.at>v.at WHERE v.name='visit'",
		"SELECT count(DISTINCT v.person), count(DISTINCT c.person), count(DISTINCT p.person) FROM events v LEFT JOIN events c ON c.person=v.person AND c.name='cart' AND c.at>v.at LEFT JOIN events p ON p.name='pay' AND p.at>c.at WHERE v.name='visit'",
	},
	"sqlx-guarded-transfer": {
		"UPDATE accounts SET cents=cents+CASE id WHEN 1 THEN -3000 ELSE 3000 END WHERE id IN (1,2) AND cents>=3000",
		"UPDATE accounts SET cents=cents+CASE id WHEN 1 THEN -3000 ELSE 3000 END WHERE id IN (1,2) AND (SELECT cents FROM accounts WHERE id=1)>=3000",
		"UPDATE accounts SET cents=cents+CASE id WHEN 1 THEN -3000 ELSE 3000 END WHERE id IN (1,2)",
		"UPDATE accounts SET cents=CASE id WHEN 1 THEN 2000 ELSE 3100 END WHERE id IN (1,2) AND (SELECT count(*) FROM accounts WHERE id=2 OR (id=1 AND cents>=3000))=2",
		"UPDATE accounts SET cents=cents+CASE id WHEN 1 THEN -3000 ELSE 3000 END WHERE (SELECT count(*) FROM accounts WHERE id=2 OR (id=1 AND cents>=3000))=2",
		"UPDATE accounts SET cents=cents+CASE id WHEN 1 THEN -3000 ELSE 3000 END WHERE id IN (1,2) AND EXISTS (SELECT 1 FROM accounts WHERE cents>=3000) AND EXISTS (SELECT 1 FROM accounts WHERE id=2)",
		"UPDATE accounts SET cents=cents-3000 WHERE id=1 AND cents>=3000 AND EXISTS (SELECT 1 FROM accounts WHERE id=2)",
	},
	"sqlx-keyset-mixed": {
		"SELECT id FROM tasks WHERE (priority,id)<(5,7) ORDER BY priority DESC,id LIMIT 3",
		"SELECT id FROM tasks WHERE priority<5 ORDER BY priority DESC,id LIMIT 3",
		"SELECT id FROM tasks WHERE priority<=5 AND id>7 ORDER BY priority DESC,id LIMIT 3",
		"SELECT id FROM tasks WHERE priority<=5 AND (priority<5 OR id>=7) ORDER BY priority DESC,id LIMIT 3",
		"SELECT id FROM tasks WHERE priority<=5 AND (priority<5 OR id>7) ORDER BY priority DESC,id DESC LIMIT 3",
		"SELECT id FROM tasks WHERE priority<=5 AND id<>7 ORDER BY priority DESC,id LIMIT 3",
		"SELECT id FROM tasks WHERE priority=5 AND id>7 ORDER BY id LIMIT 3",
	},
	"sqlx-local-day": {
		"SELECT date(placed_at),sum(cents) FROM orders GROUP BY 1 ORDER BY 1",
		"SELECT date(placed_at,'-2 hours'),sum(cents) FROM orders GROUP BY 1 ORDER BY 1",
		"SELECT date(placed_at,'+2 days'),sum(cents) FROM orders GROUP BY 1 ORDER BY 1",
		"SELECT date(placed_at,'+1 hours'),sum(cents) FROM orders GROUP BY 1 ORDER BY 1",
		"SELECT date(placed_at,'+3 hours'),sum(cents) FROM orders GROUP BY 1 ORDER BY 1",
		"SELECT date(placed_at,'+2 hours'),count(*) FROM orders GROUP BY 1 ORDER BY 1",
	},
	"sqlx-nested-groups": {
		"SELECT person FROM people WHERE team='admins' ORDER BY 1",
		"WITH RECURSIVE i(t) AS (SELECT 'admins' UNION SELECT parent FROM i JOIN teams ON child=t) SELECT DISTINCT person FROM i JOIN people ON team=t ORDER BY 1",
		"WITH RECURSIVE i(t) AS (SELECT 'admins' UNION SELECT child FROM i JOIN teams ON parent=t) SELECT person FROM i JOIN people ON team=t ORDER BY 1",
		"WITH RECURSIVE g(t) AS (SELECT 'admins' UNION SELECT parent FROM teams JOIN g ON child=t) SELECT DISTINCT person FROM people JOIN g ON team=t ORDER BY 1",
		"WITH RECURSIVE g(t,n) AS (SELECT 'admins',0 UNION SELECT child,n+1 FROM teams JOIN g ON parent=t WHERE n<1) SELECT DISTINCT person FROM people JOIN g ON team=t ORDER BY 1",
		"WITH RECURSIVE g(t,n) AS (SELECT 'admins',0 UNION SELECT child,n+1 FROM teams JOIN g ON parent=t WHERE n<2) SELECT DISTINCT person FROM people JOIN g ON team=t ORDER BY 1",
	},
	"sqlx-not-on-pro": {
		"SELECT email FROM users WHERE plan<>'pro' ORDER BY email",
		"SELECT email FROM users WHERE plan<>'pro' OR plan='' ORDER BY 1",
	},
	"sqlx-peak-connections": {
		"SELECT n,at FROM (SELECT at,sum(c) OVER (ORDER BY at,c DESC ROWS UNBOUNDED PRECEDING) n FROM (SELECT opened at,1 c FROM connections UNION ALL SELECT closed,-1 FROM connections WHERE closed IS NOT NULL)) ORDER BY n DESC,at LIMIT 1",
		"SELECT n,at FROM (SELECT at,sum(c) OVER (ORDER BY at) n FROM (SELECT opened at,1 c FROM connections UNION ALL SELECT closed,-1 FROM connections)) ORDER BY n DESC,at LIMIT 1",
		"SELECT max(n), min(t) FROM (SELECT (SELECT count(*) FROM connections d WHERE d.opened<=c.opened AND (d.closed>c.opened OR d.closed IS NULL)) n,c.opened t FROM connections c)",
		"SELECT count(*), min(opened) FROM connections",
		"SELECT o,t FROM (SELECT t,sum(d) OVER (ORDER BY t) o FROM (SELECT opened t,1 d FROM connections UNION SELECT closed,-1 FROM connections WHERE closed IS NOT NULL)) ORDER BY o DESC,t LIMIT 1",
	},
	"sqlx-percentile": {
		"SELECT route,min(ms) FROM (SELECT route,ms,percent_rank() OVER (PARTITION BY route ORDER BY ms) s FROM requests) WHERE s>=.75 GROUP BY 1 ORDER BY 1",
		"SELECT route,avg(ms) FROM requests GROUP BY 1 ORDER BY 1",
		"SELECT route,min(ms) FROM (SELECT route,ms,row_number() OVER (PARTITION BY route ORDER BY ms)-1 r,count(*) OVER (PARTITION BY route) n FROM requests) WHERE r>=n*0.75 GROUP BY 1 ORDER BY 1",
		"SELECT route,max(ms) FROM (SELECT route,ms,cume_dist() OVER (PARTITION BY route ORDER BY ms) s FROM requests) WHERE s<=.75 GROUP BY 1 ORDER BY 1",
	},
	"sqlx-prefix-index": {
		"SELECT sku FROM articles WHERE sku LIKE 'AB-%' ORDER BY 1",
		"SELECT sku FROM articles WHERE substr(sku,1,3)='AB-' ORDER BY 1",
		"SELECT sku FROM articles WHERE sku>='AB-' AND sku<'AC' ORDER BY 1",
	},
	"sqlx-price-at": {
		"SELECT o.id,cents FROM orders o LEFT JOIN prices p ON p.sku=o.sku AND valid_from<=placed_on ORDER BY 1",
		"SELECT o.id,max(cents) FROM orders o LEFT JOIN prices p ON p.sku=o.sku AND valid_from<=placed_on GROUP BY 1 ORDER BY 1",
		"SELECT o.id,(SELECT cents FROM prices p WHERE p.sku=o.sku AND valid_from<placed_on ORDER BY valid_from DESC LIMIT 1) FROM orders o ORDER BY 1",
		"SELECT o.id,(SELECT cents FROM prices p WHERE p.sku=o.sku ORDER BY valid_from DESC LIMIT 1) FROM orders o ORDER BY 1",
		"SELECT o.id,(SELECT p.cents FROM prices p WHERE p.sku=o.sku ORDER BY abs(julianday(valid_from)-julianday(placed_on)) LIMIT 1) FROM orders o ORDER BY 1",
		"SELECT o.id,(SELECT p.cents FROM prices p WHERE p.valid_from<=o.placed_on ORDER BY p.valid_from DESC LIMIT 1) FROM orders o ORDER BY 1",
		"SELECT o.id, p.cents FROM orders o JOIN prices p ON p.sku=o.sku AND p.valid_from=(SELECT max(valid_from) FROM prices q WHERE q.sku=o.sku AND q.valid_from<=o.placed_on) ORDER BY 1",
		"SELECT o.id,(SELECT p.cents FROM prices p WHERE p.sku=o.sku AND p.valid_from<=o.placed_on ORDER BY p.rowid DESC LIMIT 1) FROM orders o ORDER BY 1",
	},
	"sqlx-purge-sessions": {
		"DELETE FROM sessions WHERE coalesce(expires_at,0)<=1000 OR user_id IN (SELECT id FROM users WHERE disabled=1)",
		"DELETE FROM sessions WHERE expires_at<1000 OR user_id IN (SELECT id FROM users WHERE disabled=1)",
		"DELETE FROM sessions WHERE expires_at<=1000",
		"DELETE FROM sessions WHERE id NOT IN (SELECT s.id FROM sessions s JOIN users u ON u.id=s.user_id WHERE disabled=0 AND expires_at>1000)",
	},
	"sqlx-quiet-hours": {
		"SELECT minute/60,count(*) FROM requests WHERE minute BETWEEN 480 AND 779 GROUP BY 1 ORDER BY 1",
		"WITH RECURSIVE h(h) AS (SELECT 8 UNION ALL SELECT h+1 FROM h WHERE h<12) SELECT h,count(*) FROM h LEFT JOIN requests ON minute/60=h GROUP BY h ORDER BY h",
		"WITH RECURSIVE h(h) AS (SELECT 8 UNION ALL SELECT h+1 FROM h WHERE h<11) SELECT h,count(id) FROM h LEFT JOIN requests ON minute/60=h GROUP BY 1 ORDER BY 1",
		"WITH RECURSIVE h(h) AS (SELECT 8 UNION ALL SELECT h+1 FROM h WHERE h<12) SELECT h,count(id) FROM h LEFT JOIN requests ON minute/60=h WHERE minute IS NOT NULL GROUP BY 1 ORDER BY 1",
		"WITH RECURSIVE h(h) AS (SELECT 8 UNION ALL SELECT h+1 FROM h WHERE h<12) SELECT h,count(id) FROM h LEFT JOIN requests ON round(minute/60.0)=h GROUP BY 1 ORDER BY 1",
		"WITH RECURSIVE h(h) AS (SELECT 8 UNION ALL SELECT h+1 FROM h WHERE h<12) SELECT h,count(DISTINCT minute) FROM h LEFT JOIN requests ON minute/60=h GROUP BY 1 ORDER BY 1",
	},
	"sqlx-repair-counters": {
		"UPDATE posts SET comments=(SELECT count(*) FROM comments c WHERE c.post_id=posts.id AND deleted=0)",
		"UPDATE posts SET comments=n.c FROM (SELECT post_id,count(*) c FROM comments WHERE deleted=0 GROUP BY 1) n WHERE n.post_id=posts.id AND n.c<>posts.comments",
		"UPDATE posts SET comments=(SELECT count(*) FROM comments c WHERE c.post_id=posts.id AND c.deleted=0) WHERE id IN (SELECT post_id FROM comments) AND comments<>(SELECT count(*) FROM comments c WHERE c.post_id=posts.id AND c.deleted=0)",
		"UPDATE posts SET comments=(SELECT count(*) FROM comments c WHERE c.post_id=posts.id AND c.deleted=0) WHERE comments<(SELECT count(*) FROM comments c WHERE c.post_id=posts.id AND c.deleted=0)",
	},
	"sqlx-rolling-week": {
		"SELECT day,sum(cents) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM sales ORDER BY 1",
		"SELECT day,sum(cents) OVER (ORDER BY julianday(day) RANGE BETWEEN 7 PRECEDING AND CURRENT ROW) FROM sales ORDER BY 1",
		"SELECT day,sum(cents) OVER (ORDER BY cast(replace(day,'-','') AS INTEGER) RANGE BETWEEN 6 PRECEDING AND CURRENT ROW) FROM sales ORDER BY 1",
		"SELECT day, sum(cents) OVER (ORDER BY strftime('%d',day)+0 RANGE 6 PRECEDING) FROM sales ORDER BY day",
		"SELECT day, sum(cents) OVER (ORDER BY julianday(day) RANGE 7 PRECEDING) FROM sales ORDER BY day",
		"SELECT day, sum(cents) OVER (PARTITION BY strftime('%W',day) ORDER BY day) FROM sales ORDER BY day",
		"SELECT day, sum(cents) OVER (ORDER BY replace(day,'-','')+0 RANGE BETWEEN 6 PRECEDING AND CURRENT ROW) FROM sales ORDER BY day",
	},
	"sqlx-streak": {
		"SELECT person,max(d) FROM (SELECT person,count(*) d FROM (SELECT person,julianday(day)-row_number() OVER (PARTITION BY person ORDER BY day) r FROM solved) GROUP BY 1,r) GROUP BY 1 ORDER BY 1",
		"SELECT person,max(d) FROM (SELECT person,count(*) d FROM (SELECT person,julianday(day)-dense_rank() OVER (PARTITION BY person ORDER BY day) r FROM solved) GROUP BY 1,r) GROUP BY 1 ORDER BY 1",
		"SELECT person,count(DISTINCT day) FROM solved GROUP BY 1 ORDER BY 1",
		"SELECT person,max(n) FROM (SELECT person,count(*) n FROM (SELECT person,strftime('%d',day)-row_number() OVER (PARTITION BY person ORDER BY day) k FROM (SELECT DISTINCT person,day FROM solved)) GROUP BY 1,k) GROUP BY 1 ORDER BY 1",
		"SELECT person,max(n) FROM (SELECT person,count(*) n FROM (SELECT person,julianday(day)-row_number() OVER (PARTITION BY person ORDER BY id) k FROM (SELECT min(id) id,person,day FROM solved GROUP BY 2,3)) GROUP BY 1,k) GROUP BY 1 ORDER BY 1",
		"SELECT person,1+sum(d=1) FROM (SELECT person, julianday(day)-julianday(lag(day) OVER (PARTITION BY person ORDER BY day)) d FROM (SELECT DISTINCT person,day FROM solved)) GROUP BY 1 ORDER BY 1",
		"SELECT person,max(n) FROM (SELECT person,count(*) n FROM (SELECT person,replace(day,'-','')-row_number() OVER (PARTITION BY person ORDER BY day) k FROM (SELECT DISTINCT person,day FROM solved)) GROUP BY 1,k) GROUP BY 1 ORDER BY 1",
	},
	"sqlx-token-age-index": {
		"SELECT id FROM tokens WHERE issued_at + 3600 > 10000",
		"SELECT id FROM tokens WHERE issued_at>=6400",
	},
	"sqlx-unbalanced-transfers": {
		"SELECT a.transfer, a.cents+b.cents FROM entries a JOIN entries b ON a.transfer=b.transfer AND a.cents<0 AND b.cents>0 WHERE a.cents+b.cents<>0 ORDER BY 1",
		"SELECT transfer,sum(cents) FROM entries GROUP BY transfer HAVING sum(cents)>0 ORDER BY 1",
	},
	"sqlx-versioned-import": {
		"INSERT INTO products SELECT sku,name,version FROM feed WHERE true ON CONFLICT(sku) DO UPDATE SET name=excluded.name,version=excluded.version",
		"INSERT INTO products SELECT sku,name,version FROM feed WHERE true ON CONFLICT DO NOTHING",
		"INSERT OR REPLACE INTO products SELECT sku,name,version FROM feed",
		"INSERT INTO products SELECT sku,name,max(version) FROM feed GROUP BY sku ON CONFLICT(sku) DO UPDATE SET name=excluded.name,version=excluded.version",
		"INSERT INTO products SELECT sku,name,version FROM feed WHERE true ON CONFLICT (sku) DO UPDATE SET version=excluded.version WHERE excluded.version>products.version",
		"UPDATE products SET (name,version)=(SELECT name,version FROM feed f WHERE f.sku=products.sku ORDER BY version DESC LIMIT 1)",
		"INSERT INTO products SELECT sku,name,version FROM (SELECT * FROM feed GROUP BY sku) WHERE true ON CONFLICT (sku) DO UPDATE SET name=excluded.name, version=excluded.version WHERE excluded.version>products.version",
	},
}

var otherExercises = map[string][]string{
	"sqlx-burst": {
		"SELECT DISTINCT client FROM (SELECT client,count(*) OVER (PARTITION BY client ORDER BY at RANGE BETWEEN 60 PRECEDING AND CURRENT ROW) n FROM calls) WHERE n>=4 ORDER BY 1",
	},
	"sqlx-conversion-share": {
		"SELECT variant, round(100*avg(ordered),1) FROM sessions GROUP BY 1 ORDER BY 1",
	},
	"sqlx-downtime": {
		"WITH m AS (SELECT *,max(until) OVER (PARTITION BY service ORDER BY since,until,id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) r FROM incidents), i AS (SELECT *,sum(r IS NULL OR since>r) OVER (PARTITION BY service ORDER BY since,until,id) g FROM m) SELECT service,sum(d) FROM (SELECT service,max(until)-min(since) d FROM i GROUP BY service,g) GROUP BY 1 ORDER BY 1",
	},
	"sqlx-due-order": {
		"SELECT id FROM tickets WHERE done=0 ORDER BY due_on IS NULL, due_on, id",
	},
	"sqlx-fan-out": {
		"SELECT id, coalesce((SELECT sum(cents) FROM items i WHERE i.order_id=o.id),0), coalesce((SELECT sum(cents) FROM payments p WHERE p.order_id=o.id),0) FROM orders o ORDER BY id",
	},
	"sqlx-funnel": {
		"WITH v AS (SELECT DISTINCT person FROM events WHERE name='visit'), c AS (SELECT DISTINCT c.person FROM events v JOIN events c ON c.person=v.person AND v.name='visit' AND c.name='cart' AND c.at>v.at), p AS (SELECT DISTINCT p.person FROM events v JOIN events c ON c.person=v.person AND v.name='visit' AND c.name='cart' AND c.at>v.at JOIN events p ON p.person=c.person AND p.name='pay' AND p.at>c.at) SELECT (SELECT count(*) FROM v),(SELECT count(*) FROM c),(SELECT count(*) FROM p)",
	},
	"sqlx-keyset-mixed": {
		"SELECT id FROM tasks WHERE (-priority,id)>(-5,7) AND priority<=5 ORDER BY priority DESC,id LIMIT 3",
		"SELECT id FROM tasks WHERE priority<5 OR (priority=5 AND id>7) ORDER BY priority DESC,id LIMIT 3",
	},
	"sqlx-not-on-pro": {
		"SELECT email FROM users WHERE plan IS NOT 'pro' ORDER BY email",
		"SELECT email FROM users WHERE plan <> 'pro' OR plan IS NULL ORDER BY email",
	},
	"sqlx-peak-connections": {
		"SELECT (SELECT count(*) FROM connections b WHERE b.opened<=a.opened AND (b.closed IS NULL OR b.closed>a.opened)) n, opened FROM connections a ORDER BY n DESC, opened LIMIT 1",
	},
	"sqlx-percentile": {
		"SELECT route,min(ms) FROM (SELECT route,ms,row_number() OVER (PARTITION BY route ORDER BY ms) r,count(*) OVER (PARTITION BY route) n FROM requests) WHERE r*4>=n*3 GROUP BY 1 ORDER BY 1",
	},
	"sqlx-prefix-index": {
		"SELECT sku FROM articles WHERE sku GLOB 'AB-*' ORDER BY sku",
	},
	"sqlx-price-at": {
		"SELECT id,cents FROM (SELECT o.id,cents,row_number() OVER (PARTITION BY o.id ORDER BY valid_from DESC) r FROM orders o LEFT JOIN prices p ON p.sku=o.sku AND valid_from<=placed_on) WHERE r=1 ORDER BY 1",
	},
	"sqlx-repair-counters": {
		"UPDATE posts SET comments=(SELECT count(*) FROM comments c WHERE c.post_id=posts.id AND deleted=0) WHERE comments<>(SELECT count(*) FROM comments c WHERE c.post_id=posts.id AND deleted=0)",
	},
	"sqlx-rolling-week": {
		"SELECT a.day, sum(b.cents) FROM sales a JOIN sales b ON b.day BETWEEN date(a.day,'-6 days') AND a.day GROUP BY a.day ORDER BY a.day",
	},
	"sqlx-streak": {
		"SELECT person,max(n) FROM (SELECT person,count(*) n FROM (SELECT person,julianday(day)-row_number() OVER (ORDER BY person,day) k FROM (SELECT DISTINCT person,day FROM solved)) GROUP BY 1,k) GROUP BY 1 ORDER BY 1",
	},
}
