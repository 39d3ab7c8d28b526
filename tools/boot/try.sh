#!/bin/sh
# Runs inside the booted container, once: each step that holds is a line "ok …", the rest "FAIL …".
out=/root/result
try() {
    name=$1
    shift
    if "$@" > /root/last 2>&1; then echo "ok $name"; else echo "FAIL $name: $(tail -n 3 /root/last | tr '\n' ' ')"; fi >> $out
}
soon() { for _ in $(seq 60); do sh -c "$1" && return 0; sleep 1; done; return 1; }

try "user, folders and the key for backups are there" sh -ec '
    id milepost; test -s /etc/milepost/credentials/backup_key
    test "$(stat -c %a:%U /etc/milepost/credentials)" = 700:root; test "$(stat -c %U /var/lib/milepost)" = milepost'
mkdir -p /etc/systemd/system/milepost.service.d
install -d -o milepost -g milepost /srv/edi/acme/in /srv/edi/acme/archive /srv/edi/acme/error
install -d -o milepost -g milepost /mnt/edi/in /mnt/edi/archive /mnt/edi/error
printf secret > /etc/milepost/credentials/odoo_api_key
cp /root/config.yaml /etc/milepost/config.yaml
chown root:milepost /etc/milepost/config.yaml && chmod 640 /etc/milepost/config.yaml
milepost config systemd > /etc/systemd/system/milepost.service.d/folders.conf
systemctl daemon-reload
try "the service gets ready" systemctl start milepost
try "systemd watches it" sh -c 'systemctl show milepost -p WatchdogUSec | grep -v infinity'
for place in /srv/edi/acme /mnt/edi; do
    echo 'ISA*00*' > $place/in/one.edi
    chown milepost $place/in/one.edi
    try "a file in $place is taken, so the folder can be written" soon "test -z \"\$(ls $place/in)\" && test -n \"\$(ls $place/archive $place/error | grep one)\""
done
try "root uses the command line beside the unit" sh -c 'milepost status && milepost message list'
useradd --groups milepost watcher
try "an operator of the group uses what only looks" runuser -u watcher -- sh -c 'milepost status && milepost dead-letter list'
try "an operator without the group does not" sh -c '! runuser -u nobody -- milepost status'
try "the timer's service makes a backup" sh -c 'systemctl start milepost-backup && ls /var/backups/milepost/*.mpb && milepost status | grep "last backup: 20"'
try "the timer is enabled" systemctl is-enabled milepost-backup.timer
try "a killed bridge is started again" soon 'test -e /root/killed || { systemctl kill -s KILL milepost; touch /root/killed; sleep 3; }; systemctl is-active milepost'
before=$(systemctl show milepost -p MainPID)
try "installing it again restarts the bridge" sh -c "dpkg -i /root/milepost.deb && systemctl is-active milepost && test '$before' != \"\$(systemctl show milepost -p MainPID)\""
try "it says that it stops, and stops well" sh -c 'systemctl stop milepost; test "$(systemctl show milepost -p Result)" = Result=success && test "$(systemctl show milepost -p ExecMainStatus)" = ExecMainStatus=0'
try "removal keeps configuration, store and backups" sh -c 'dpkg -r milepost && test -e /etc/milepost/config.yaml && test -e /var/lib/milepost/milepost.sqlite && ls /var/backups/milepost/*.mpb && ! test -e /usr/bin/milepost'
try "purging keeps the backups alone" sh -c 'dpkg -P milepost && ! test -e /etc/milepost && ! test -e /var/lib/milepost && ls /var/backups/milepost/*.mpb'
echo done >> $out
systemctl poweroff --no-block
