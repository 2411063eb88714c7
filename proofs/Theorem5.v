(** Theorem 5 (ii) of the paper over the real numbers: its hypotheses and what it claims, for
    noise with finitely many equally likely outcomes. *)
Require Import Base RealNumbers Euclid Algorithm1 Definition4.

(** The mean of [X], and the probability of [E], when all outcomes are equally likely. *)
Definition mean (Omega : finType) (X : Omega -> R) : R :=
  (\sum_o X o) / #|Omega|%:R.
Definition prob (Omega : finType) (E : {set Omega}) : R :=
  #|E|%:R / #|Omega|%:R.

(** The entries of a random vector are independent: means of products are products of means,
    whatever functions are applied to the entries. If these are indicators of sets, it says that
    the probability of a product of events is the product of their probabilities. *)
Definition independent_entries (Omega : finType) n
    (xi : Omega -> 'cV[R]_n) : Prop :=
  forall f : 'I_n -> R -> R,
    mean (fun o => \prod_i f i (xi o i 0))
    = \prod_i mean (fun o => f i (xi o i 0)).

(** [X] is sub-Gaussian with the given variance proxy. *)
Definition sub_gaussian (Omega : finType) (X : Omega -> R)
    (variance_proxy : R) : Prop :=
  forall t : R,
    mean (fun o => exp (t * X o)) <= exp (t ^+ 2 * variance_proxy / 2%:R).

Lemma eq_mean (Omega : finType) (X Y : Omega -> R) : X =1 Y -> mean X = mean Y.
Proof. by move=> e; rewrite /mean (eq_bigr Y). Qed.

(** The hypotheses of Theorem 5; [S] is the support of the signal [s]. *)
Record hypotheses n p (Phi : 'M[R]_(n, p)) (s : 'cV[R]_p)
    (gamma delta sigma lambda_min : R) (q : nat)
    (Omega : finType) (xi : Omega -> 'cV[R]_n) (S := support s) : Prop := {
  gamma_range : 0 < gamma;
  delta_range : 0 < delta < 1;
  sigma_range : 0 < sigma;
  a_signal : S != set0;
  noise_outcomes : (0 < #|Omega|)%N;
  noise_independence : independent_entries xi;
  noise_centred : forall i, mean (fun o => xi o i 0) = 0;
  noise_tails : forall i, sub_gaussian (fun o => xi o i 0) (sigma ^+ 2);
  definition_4 : orthogonal_nullspace_property Phi S;
  eigenvalue_min : smallest_nonzero_eigenvalue (Sigma Phi) lambda_min;
  enough_nulls : (q <= p - #|S|)%N;
  enough_samples :
    8%:R * sigma ^+ 2 / (gamma ^+ 2 * lambda_min)
    * ln (2%:R * p%:R / delta) <= n%:R
}.

(** Theorem 5 (ii): on an event [G] of probability at least [1 - delta] no signal of size [gamma]
    or more ends with weight 0. Ties may even be broken in its favour: some run is enough. *)
Definition Theorem_5_ii (delta : R) : Prop :=
  forall n p (Phi : 'M[R]_(n, p)) s gamma sigma lambda_min q
    (Omega : finType) xi,
  hypotheses Phi s gamma delta sigma lambda_min q xi ->
  exists G : {set Omega}, 1 - delta <= prob G /\
    forall o, o \in G -> exists A v, run Phi (Phi *m s + xi o) q A v /\
      forall i, gamma <= `|s i 0| -> v i 0 != 0.

(** What one-shot pruning does: [Q] is a set of features with the smallest weights. *)
Definition smallest_weights p (w : 'cV[R]_p) (Q : {set 'I_p}) : Prop :=
  forall i j, i \in Q -> j \notin Q -> `|w i 0| <= `|w j 0|.

(** The one-shot theorem of chapter 7, under the same hypotheses: train once, remove [q] of the
    smallest weights, however ties are broken. *)
Definition one_shot_theorem (delta : R) : Prop :=
  forall n p (Phi : 'M[R]_(n, p)) s gamma sigma lambda_min q
    (Omega : finType) xi,
  hypotheses Phi s gamma delta sigma lambda_min q xi ->
  exists G : {set Omega}, 1 - delta <= prob G /\
    forall o w Q, o \in G -> trained Phi (Phi *m s + xi o) setT w ->
      smallest_weights w Q -> #|Q| = q ->
      forall i, gamma <= `|s i 0| -> i \notin Q /\ gamma / 2%:R < `|w i 0|.
