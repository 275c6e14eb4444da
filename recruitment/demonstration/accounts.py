"""Who may log in at the demonstration."""

from django.contrib.auth.models import Group, User

from recruitment.settings import kept_secret

# user name -> (first name, last name, group)
ACCOUNTS = {
    "moderator": ("Paul", "Amsellem", "moderators"),
    "speaker": ("Inès", "Morvan", "speakers"),
    "recruiter": ("Nadia", "Belkacem", "recruiters"),
    "manager": ("Hervé", "Le Goff", "managers"),
    "admin": ("Camille", "Roussel", None),
}


def make_accounts() -> str:
    """Each account of the demonstration, once, with the same password; the password, from DEMO_PASSWORD or kept."""
    password = kept_secret("DEMO_PASSWORD", length=9)
    for username, (first_name, last_name, group) in ACCOUNTS.items():
        user, _ = User.objects.get_or_create(
            username=username, defaults={"first_name": first_name, "last_name": last_name}
        )
        user.is_staff, user.is_superuser = True, group is None
        if not user.check_password(password):
            user.set_password(password)
        user.save()
        user.groups.set(Group.objects.filter(name=group))
    return password
